package org.plenum.ice.turn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressPrefix;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunIntegrity;
import org.plenum.ice.port.ReceiveBatch;

/// A relay (RFC 8656 §3): who has it, under which address, and what it may send to.
final class Allocation {
  /// RFC 8656 §9.
  static final long PERMISSION_NANOS = 300_000_000_000L;

  /// What a direct call's relay carries, both ways together: more than what is taken of a
  /// publisher here, and no way to fill the server's link.
  static final int MOST_BYTES_PER_SECOND = 6_000_000;

  private static final int MOST_PEERS = 2 * OwnAddresses.MAX;

  /// RFC 8656 §12.
  static final long CHANNEL_NANOS = 600_000_000_000L;

  final NetworkPath client;
  final TurnUsername user;
  final StunIntegrity integrity;

  /// Of the request that it was made for, which may come again (RFC 8656 §7.2).
  final byte[] transactionId;

  final OwnAddresses.Own relayed;

  /// Of its own, for the peers of a direct call; [RelayPorts#NO_PORT] if it leads to our own media.
  final int relayPort;

  /// When it ends unless it is refreshed.
  long expiresNanos;

  /// When its client last sent anything.
  long activeNanos;

  private long carriedBytes;
  private long carriedSinceNanos;

  private final List<Permission> permissions = new ArrayList<>(2);
  private final List<Peer> peers = new ArrayList<>(2);

  private static final class Permission {
    final long high;
    final long low;
    long untilNanos;

    Permission(long high, long low) {
      this.high = high;
      this.low = low;
    }
  }

  Allocation(
      NetworkPath client,
      TurnUsername user,
      StunIntegrity integrity,
      byte[] transactionId,
      OwnAddresses.Own relayed,
      int relayPort) {
    this.client = client;
    this.user = user;
    this.integrity = integrity;
    this.transactionId = transactionId;
    this.relayed = relayed;
    this.relayPort = relayPort;
  }

  /// Whether it leads to the other side of a direct call, and not to our own media.
  boolean isDirect() {
    return relayPort != RelayPorts.NO_PORT;
  }

  /// Whether it may carry that much more now; counts it.
  boolean mayCarry(int bytes, long nowNanos) {
    if (nowNanos - carriedSinceNanos >= 1_000_000_000L) {
      carriedSinceNanos = nowNanos;
      carriedBytes = 0;
    }
    carriedBytes += bytes;
    return carriedBytes <= MOST_BYTES_PER_SECOND;
  }

  int family() {
    return relayed.family();
  }

  /// What it counts among of those of one source.
  long prefix() {
    return prefix(client);
  }

  static long prefix(NetworkPath client) {
    return AddressPrefix.of(client.remoteHigh(), client.remoteLow());
  }

  /// Lets it exchange data with this address, at any port, from now on (RFC 8656 §9).
  void permit(PeerAddress peer, long nowNanos) {
    Permission permission = permission(peer.high(), peer.low());
    if (permission == null) {
      permissions.removeIf(old -> NanoTime.isDue(old.untilNanos, nowNanos));
      permission = new Permission(peer.high(), peer.low());
      permissions.add(permission);
    }
    permission.untilNanos = NanoTime.after(nowNanos, PERMISSION_NANOS);
  }

  /// Whether there is room to let all of these exchange data with it: our own addresses, or those
  /// of the one other side of a direct call, but those may change.
  boolean hasRoomFor(List<PeerAddress> wanted, long nowNanos) {
    permissions.removeIf(old -> NanoTime.isDue(old.untilNanos, nowNanos));
    int more = 0;
    for (PeerAddress each : wanted) {
      more += permission(each.high(), each.low()) == null ? 1 : 0;
    }
    return permissions.size() + more <= MOST_PEERS;
  }

  /// Whether there is room for one more peer.
  boolean hasRoomForPeer() {
    return peers.size() < MOST_PEERS;
  }

  /// One that only sent and was never sent anything: whoever is behind the address of the other
  /// side can send from any port. Null if there is none.
  @Nullable Peer unwanted(long nowNanos) {
    for (Peer peer : peers) {
      if (!peer.isWanted && peer.channel(nowNanos) == Peer.NO_CHANNEL) {
        return peer;
      }
    }
    return null;
  }

  void remove(Peer peer) {
    peers.remove(peer);
  }

  /// Whether it may exchange data with this address now.
  boolean permits(PeerAddress peer, long nowNanos) {
    return permits(peer.high(), peer.low(), nowNanos);
  }

  /// As [#permits(PeerAddress, long)]; allocates nothing.
  boolean permits(long high, long low, long nowNanos) {
    Permission permission = permission(high, low);
    return permission != null && !NanoTime.isDue(permission.untilNanos, nowNanos);
  }

  private @Nullable Permission permission(long high, long low) {
    for (int i = 0; i < permissions.size(); i++) {
      Permission permission = permissions.get(i);
      if (permission.low == low && permission.high == high) {
        return permission;
      }
    }
    return null;
  }

  void add(Peer peer) {
    peers.add(peer);
  }

  List<Peer> peers() {
    return peers;
  }

  /// The peer at this address; null if nothing was ever sent to it.
  @Nullable Peer peer(PeerAddress address) {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).address.equals(address)) {
        return peers.get(i);
      }
    }
    return null;
  }

  /// The peer that datagram i is from; null if nothing came from there before. Allocates nothing.
  @Nullable Peer source(ReceiveBatch batch, int i) {
    for (int each = 0; each < peers.size(); each++) {
      if (peers.get(each).isSourceOf(batch, i)) {
        return peers.get(each);
      }
    }
    return null;
  }

  /// The peer that is this relay; null if nothing was ever sent to it. Allocates nothing.
  @Nullable Peer peer(OwnAddresses.Own relay) {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).isAt(relay)) {
        return peers.get(i);
      }
    }
    return null;
  }

  /// The peer that has this channel; null if none has. Allocates nothing.
  @Nullable Peer peer(int channel, long nowNanos) {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).channel(nowNanos) == channel) {
        return peers.get(i);
      }
    }
    return null;
  }
}
