package org.plenum.ice.turn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.PathTable;
import org.plenum.ice.port.ReceiveBatch;

/// The relays of one worker, by client, by user and by the number of each way out of them; and who
/// may have any. Worker's thread only.
///
/// A way's number is its place in a table and how often that place was given: 15 bits each, and
/// none that stands for a port ([NetworkPath#isRelayPort]).
final class Allocations {
  /// Relays at a time.
  static final int MAX = 10_000;

  /// Of those, of one user: a browser has one for each URL and address family, two to four, and
  /// gathers anew at each restart of ICE.
  static final int MAX_PER_USER = 16;

  /// Of a direct call's relays, of one user: one for each way here and network of theirs.
  static final int MAX_DIRECT_PER_USER = 8;

  /// Of those, from one source prefix ([org.plenum.ice.AddressPrefix]): a school.
  static final int MAX_PER_PREFIX = 4_000;

  /// A user's relay that was silent for this long makes room for a new one: its client went
  /// without a word.
  static final long SILENT_NANOS = 30_000_000_000L;

  private static final int PLACE_BITS = 15;
  private static final int MAX_PLACES = 1 << PLACE_BITS;
  private static final int MAX_TURN = (1 << 30 - PLACE_BITS) - 1;

  private final MediaPort port;
  private final RelayPorts ports;
  private final PathTable<Allocation> byClient = new PathTable<>();
  private final Set<Allocation> all = new LinkedHashSet<>();

  /// Who may have relays: the participants of the worker's rooms.
  private final Map<String, User> byUser = new HashMap<>();

  /// Of direct calls, by their own port: looked up for every packet.
  private final @Nullable Allocation[] byPort;

  private final Map<Long, Integer> perPrefix = new HashMap<>();
  private final List<@Nullable Peer> table = new ArrayList<>();
  private final List<Integer> turns = new ArrayList<>();
  private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();

  /// Somebody who may have relays.
  ///
  /// @param partner whom they lead to; null: to our own media
  private record User(List<Allocation> relays, @Nullable Introduced partner) {}

  Allocations(MediaPort port, RelayPorts ports) {
    this.port = port;
    this.ports = ports;
    this.byPort = new @Nullable Allocation[ports.end()];
  }

  /// @param partner whom their relays lead to; null: to our own media
  void admit(String identity, @Nullable Introduced partner) {
    if (byUser.putIfAbsent(identity, new User(new ArrayList<>(2), partner)) == null) {
      port.expect(TurnUsername.expected(identity));
    }
  }

  void revoke(String identity) {
    User gone = byUser.remove(identity);
    if (gone == null) {
      return;
    }
    port.forget(TurnUsername.expected(identity));
    for (Allocation allocation : List.copyOf(gone.relays())) {
      remove(allocation);
      port.disconnect(allocation.client.connection());
    }
  }

  boolean isAdmitted(String identity) {
    return byUser.containsKey(identity);
  }

  int count() {
    return all.size();
  }

  /// Whom the relays of this user lead to; null if that is our own media.
  @Nullable Introduced partnerOf(String identity) {
    User user = byUser.get(identity);
    return user == null ? null : user.partner();
  }

  /// A port of its own for one more relay.
  ///
  /// @return [RelayPorts#NO_PORT] if there is none left
  int openPort() {
    return ports.open(port);
  }

  /// The relay with this port of its own; null if there is none.
  @Nullable Allocation at(int relayPort) {
    return relayPort < byPort.length ? byPort[relayPort] : null;
  }

  /// The relay of the other side of a direct call that has this address; null if none has.
  @Nullable Allocation partnerRelay(Allocation from, PeerAddress address) {
    Introduced partner = partnerOf(from.user.identity());
    Allocation other = at(address.port());
    boolean isTheirs =
        partner != null
            && other != null
            && other.user.identity().equals(partner.identity())
            && other.relayed.low() == address.low()
            && other.relayed.high() == address.high();
    return isTheirs ? other : null;
  }

  /// Whether the other side of a direct call is at this address, by what was seen of them here.
  boolean isPartnerAt(Allocation from, PeerAddress address) {
    Introduced partner = partnerOf(from.user.identity());
    if (partner == null) {
      return false;
    }
    if (partner.hosts().has(address.high(), address.low())) {
      return true;
    }
    User other = byUser.get(partner.identity());
    return other != null
        && other.relays().stream()
            .anyMatch(
                each ->
                    each.client.remoteLow() == address.low()
                        && each.client.remoteHigh() == address.high());
  }

  /// Allocates nothing.
  @Nullable Allocation of(ReceiveBatch batch, int i) {
    return byClient.find(batch, i);
  }

  @Nullable Allocation of(NetworkPath client) {
    return byClient.find(client);
  }

  /// The way with this number; null if it is gone. Allocates nothing.
  @Nullable Peer peer(int number) {
    int place = number & MAX_PLACES - 1;
    Peer peer = place < table.size() ? table.get(place) : null;
    return peer != null && peer.path.connection() == number ? peer : null;
  }

  /// Whether the user may have one more; their silent ones make room.
  boolean hasUserRoom(String identity, long nowNanos) {
    User user = byUser.get(identity);
    if (user == null) {
      return false;
    }
    List<Allocation> own = user.relays();
    if (own.size() < (user.partner() == null ? MAX_PER_USER : MAX_DIRECT_PER_USER)) {
      return true;
    }
    Allocation silent = null;
    for (Allocation each : own) {
      if (nowNanos - each.activeNanos >= SILENT_NANOS
          && (silent == null || each.activeNanos - silent.activeNanos < 0)) {
        silent = each;
      }
    }
    if (silent == null) {
      return false;
    }
    remove(silent);
    return true;
  }

  /// Whether one more from there fits.
  boolean hasRoom(long prefix) {
    return all.size() < MAX && perPrefix.getOrDefault(prefix, 0) < MAX_PER_PREFIX;
  }

  /// Enters one of an admitted user, for whom and which there is room.
  void add(Allocation allocation) {
    User user = byUser.get(allocation.user.identity());
    if (user == null) {
      throw new IllegalStateException("not admitted");
    }
    user.relays().add(allocation);
    if (allocation.isDirect()) {
      byPort[allocation.relayPort] = allocation;
    }
    all.add(allocation);
    byClient.put(allocation.client, allocation);
    perPrefix.merge(allocation.prefix(), 1, Integer::sum);
  }

  void remove(Allocation allocation) {
    if (!all.remove(allocation)) {
      return;
    }
    byClient.remove(allocation.client, allocation);
    User user = byUser.get(allocation.user.identity());
    if (user != null) {
      user.relays().remove(allocation);
    }
    if (allocation.isDirect()) {
      byPort[allocation.relayPort] = null;
      ports.close(allocation.relayPort, port);
    }
    perPrefix.computeIfPresent(allocation.prefix(), (_, count) -> count == 1 ? null : count - 1);
    allocation.peers().forEach(this::free);
  }

  private void free(Peer peer) {
    int place = peer.path.connection() & MAX_PLACES - 1;
    table.set(place, null);
    freePlaces.add(place);
  }

  /// The way from a relay to the relay of the other side, made if there is none; null if there are
  /// too many. Allocates nothing if there is one.
  @Nullable Peer way(Allocation from, OwnAddresses.Own to, long nowNanos) {
    Peer known = from.peer(to);
    return known == null ? way(from, PeerAddress.of(to), nowNanos) : known;
  }

  /// The way from a relay to what sent datagram i, made if there is none; null if there are too
  /// many. Allocates nothing if there is one.
  @Nullable Peer way(Allocation from, ReceiveBatch batch, int i, long nowNanos) {
    Peer known = from.source(batch, i);
    return known == null ? way(from, PeerAddress.from(batch, i), nowNanos) : known;
  }

  /// The way from a relay to one of its peers, made if there is none, in place of one that is of no
  /// use if there are too many; null if all are.
  @Nullable Peer way(Allocation from, PeerAddress to, long nowNanos) {
    Peer known = from.peer(to);
    if (known != null) {
      return known;
    }
    if (!from.hasRoomForPeer()) {
      Peer unwanted = from.unwanted(nowNanos);
      if (unwanted == null) {
        return null;
      }
      from.remove(unwanted);
      free(unwanted);
    }
    Integer free = freePlaces.poll();
    int place = free != null ? free : table.size();
    if (place == MAX_PLACES) {
      return null;
    }
    if (free == null) {
      table.add(null);
      turns.add(0);
    }
    int turn = turns.get(place) == MAX_TURN ? 1 : turns.get(place) + 1;
    turns.set(place, turn);
    Peer peer = new Peer(from, to, Integer.MIN_VALUE | turn << PLACE_BITS | place);
    table.set(place, peer);
    from.add(peer);
    return peer;
  }

  /// Ends those whose time is over and those whose TCP connection is closed.
  void expire(long nowNanos) {
    for (Allocation each : List.copyOf(all)) {
      int connection = each.client.connection();
      if (NanoTime.isDue(each.expiresNanos, nowNanos)
          || connection != 0 && !port.isConnected(connection)) {
        remove(each);
      }
    }
  }
}
