package org.plenum.ice.turn;

import java.util.Arrays;
import java.util.List;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunIntegrity;
import org.plenum.ice.port.MediaPort;

/// What authenticated requests ask for: Allocate, Refresh, CreatePermission, ChannelBind (RFC 8656
/// §7 to §12). Worker's thread only.
final class TurnMethods {
  /// RFC 8656 §3.2.
  static final int DEFAULT_LIFETIME_SECONDS = 600;

  /// RFC 8656 §7.2 recommends it.
  static final int MAX_LIFETIME_SECONDS = 3_600;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int UDP = 17;
  private static final int FIRST_CHANNEL = 0x4000;
  private static final int LAST_CHANNEL = 0x4FFF;
  private static final int MAX_UNKNOWN = 8;
  private static final int OK = 0;

  private final Allocations allocations;
  private final MediaPort port;
  private OwnAddresses own;

  /// A request that is authentic.
  ///
  /// @param held the relay that its path has, or null
  record Authentic(
      TurnRequest request,
      NetworkPath path,
      @Nullable Allocation held,
      TurnUsername user,
      StunIntegrity integrity) {
    TurnResponse success() {
      return TurnResponse.success(request);
    }

    byte[] error(int code) {
      return TurnResponse.error(request, code).close(integrity);
    }
  }

  TurnMethods(Allocations allocations, MediaPort port, OwnAddresses own) {
    this.allocations = allocations;
    this.port = port;
    this.own = own;
  }

  void own(OwnAddresses others) {
    own = others;
  }

  OwnAddresses own() {
    return own;
  }

  /// Carries a request out.
  ///
  /// @return the response
  byte[] obey(Authentic from, long nowNanos) {
    TurnRequest request = from.request();
    Allocation held = from.held();
    if (held != null && !held.user.equals(from.user())) {
      return from.error(ErrorCodeAttribute.WRONG_CREDENTIALS);
    }
    if (held != null) {
      held.activeNanos = nowNanos;
    }
    List<Integer> unknown = request.unknown(MAX_UNKNOWN);
    if (!unknown.isEmpty()) {
      return TurnResponse.error(request, ErrorCodeAttribute.UNKNOWN_ATTRIBUTE)
          .unknownAttributes(unknown)
          .close(from.integrity());
    }
    if (request.type() == Message.ALLOCATE_REQUEST) {
      return allocate(from, nowNanos);
    }
    if (held == null) {
      return from.error(ErrorCodeAttribute.ALLOCATION_MISMATCH);
    }
    return switch (request.type()) {
      case Message.REFRESH_REQUEST -> refresh(from, held, nowNanos);
      case Message.CREATEPERMISSION_REQUEST -> permit(from, held, nowNanos);
      case Message.CHANNELBIND_REQUEST -> bind(from, held, nowNanos);
      default -> from.error(ErrorCodeAttribute.BAD_REQUEST);
    };
  }

  private byte[] allocate(Authentic from, long nowNanos) {
    TurnRequest request = from.request();
    Allocation held = from.held();
    if (held != null) {
      return Arrays.equals(held.transactionId, request.transactionId())
          ? allocated(from, held, nowNanos) // it came twice
          : from.error(ErrorCodeAttribute.ALLOCATION_MISMATCH);
    }
    long transport = request.u32(Attribute.REQUESTED_TRANSPORT);
    if (transport < 0) {
      return from.error(ErrorCodeAttribute.BAD_REQUEST);
    }
    if (transport >>> 24 != UDP) {
      return from.error(ErrorCodeAttribute.UNSUPPORTED_TRANSPORT_PROTOCOL);
    }
    OwnAddresses.Own media = own.first(family(request));
    if (media == null) {
      return from.error(ErrorCodeAttribute.ADDRESS_FAMILY_NOT_SUPPORTED);
    }
    if (!allocations.hasUserRoom(from.user().identity(), nowNanos)) {
      return from.error(ErrorCodeAttribute.ALLOCATION_QUOTA_REACHED);
    }
    if (!allocations.hasRoom(Allocation.prefix(from.path()))) {
      return from.error(ErrorCodeAttribute.INSUFFICIENT_CAPACITY);
    }
    boolean direct = allocations.partnerOf(from.user().identity()) != null;
    int relayPort = direct ? allocations.openPort() : RelayPorts.NO_PORT;
    if (direct && relayPort == RelayPorts.NO_PORT) {
      return from.error(ErrorCodeAttribute.INSUFFICIENT_CAPACITY);
    }
    var made =
        new Allocation(
            from.path(),
            from.user(),
            from.integrity(),
            request.transactionId(),
            direct ? new OwnAddresses.Own(media.high(), media.low(), relayPort) : media,
            relayPort);
    made.activeNanos = nowNanos;
    allocations.add(made);
    extend(made, lifetime(request), nowNanos);
    return allocated(from, made, nowNanos);
  }

  private static byte[] allocated(Authentic from, Allocation allocation, long nowNanos) {
    NetworkPath client = allocation.client;
    OwnAddresses.Own relayed = allocation.relayed;
    return from.success()
        .address(Attribute.XOR_RELAYED_ADDRESS, relayed.high(), relayed.low(), relayed.port())
        .u32(Attribute.LIFETIME, secondsLeft(allocation, nowNanos))
        .address(
            Attribute.XOR_MAPPED_ADDRESS,
            client.remoteHigh(),
            client.remoteLow(),
            client.remotePort())
        .close(from.integrity());
  }

  /// 0 if there is no such family.
  private static int family(TurnRequest request) {
    if (!request.has(Attribute.REQUESTED_ADDRESS_FAMILY)) {
      return PeerAddress.IPV4;
    }
    long value = request.u32(Attribute.REQUESTED_ADDRESS_FAMILY);
    return value < 0 ? 0 : (int) (value >>> 24);
  }

  private byte[] refresh(Authentic from, Allocation held, long nowNanos) {
    TurnRequest request = from.request();
    if (request.has(Attribute.REQUESTED_ADDRESS_FAMILY) && family(request) != held.family()) {
      return from.error(ErrorCodeAttribute.PEER_ADDRESS_FAMILY_MISMATCH);
    }
    if (request.u32(Attribute.LIFETIME) == 0) {
      allocations.remove(held);
      port.confirm(held.client.connection(), nowNanos);
      return from.success().u32(Attribute.LIFETIME, 0).close(from.integrity());
    }
    // Also when the user name is no longer good for a new relay: who is gone has none any more.
    extend(held, lifetime(request), nowNanos);
    return from.success()
        .u32(Attribute.LIFETIME, secondsLeft(held, nowNanos))
        .close(from.integrity());
  }

  private void extend(Allocation allocation, int seconds, long nowNanos) {
    allocation.expiresNanos = NanoTime.after(nowNanos, seconds * NANOS_PER_SECOND);
    port.keep(allocation.client.connection(), allocation.expiresNanos);
  }

  private static int secondsLeft(Allocation allocation, long nowNanos) {
    return (int) Math.max(0, (allocation.expiresNanos - nowNanos) / NANOS_PER_SECOND);
  }

  /// RFC 8656 §7.2: never less than the default.
  private static int lifetime(TurnRequest request) {
    long asked = request.u32(Attribute.LIFETIME);
    return Math.clamp(asked, DEFAULT_LIFETIME_SECONDS, MAX_LIFETIME_SECONDS);
  }

  private byte[] permit(Authentic from, Allocation held, long nowNanos) {
    List<PeerAddress> peers = from.request().peers(OwnAddresses.MAX);
    if (peers == null || peers.isEmpty()) {
      return from.error(ErrorCodeAttribute.BAD_REQUEST);
    }
    for (PeerAddress peer : peers) {
      // Which port of ours is looked at when something is sent.
      boolean may = own.hasHost(peer) || isPartnerOutside(held, peer);
      int error = may ? familyError(peer, held) : ErrorCodeAttribute.FORBIDDEN;
      if (error != OK) {
        return from.error(error);
      }
    }
    if (!held.hasRoomFor(peers, nowNanos)) {
      return from.error(ErrorCodeAttribute.INSUFFICIENT_CAPACITY);
    }
    peers.forEach(peer -> held.permit(peer, nowNanos));
    return from.success().close(from.integrity());
  }

  private byte[] bind(Authentic from, Allocation held, long nowNanos) {
    List<PeerAddress> peers = from.request().peers(1);
    long number = from.request().u32(Attribute.CHANNEL_NUMBER);
    int channel = (int) (number >>> 16);
    if (peers == null || peers.size() != 1 || number < 0) {
      return from.error(ErrorCodeAttribute.BAD_REQUEST);
    }
    if (channel < FIRST_CHANNEL || channel > LAST_CHANNEL) {
      return from.error(ErrorCodeAttribute.BAD_REQUEST);
    }
    PeerAddress address = peers.getFirst();
    int error = mayBind(held, address) ? familyError(address, held) : ErrorCodeAttribute.FORBIDDEN;
    if (error != OK) {
      return from.error(error);
    }
    Peer known = held.peer(address);
    Peer holder = held.peer(channel, nowNanos);
    int before = known == null ? Peer.NO_CHANNEL : known.channel(nowNanos);
    if (holder != null && holder != known || before != Peer.NO_CHANNEL && before != channel) {
      return from.error(ErrorCodeAttribute.BAD_REQUEST); // RFC 8656 §12.2
    }
    Peer peer = allocations.way(held, address, nowNanos);
    if (peer == null) {
      return from.error(ErrorCodeAttribute.INSUFFICIENT_CAPACITY);
    }
    peer.bind(channel, NanoTime.after(nowNanos, Allocation.CHANNEL_NANOS));
    held.permit(address, nowNanos);
    return from.success().close(from.integrity());
  }

  private boolean mayBind(Allocation held, PeerAddress address) {
    return held.isDirect()
        ? allocations.partnerRelay(held, address) != null || isPartnerOutside(held, address)
        : own.has(address);
  }

  /// Whether that is where the other side of a direct call was seen, and no place of ours or of our
  /// network's: a relay leads nowhere else.
  private boolean isPartnerOutside(Allocation held, PeerAddress peer) {
    return held.isDirect()
        && !peer.isMapped()
        && !own.hasHost(peer)
        && PublicHosts.has(peer.high(), peer.low())
        && allocations.isPartnerAt(held, peer);
  }

  private static int familyError(PeerAddress peer, Allocation held) {
    return peer.family() == held.family() ? OK : ErrorCodeAttribute.PEER_ADDRESS_FAMILY_MISMATCH;
  }
}
