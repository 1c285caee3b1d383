package org.plenum.ice.turn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressPrefix;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunIntegrity;

/// A relay (RFC 8656 §3): who has it, under which address, and what it may send to.
final class Allocation {
  /// RFC 8656 §9.
  static final long PERMISSION_NANOS = 300_000_000_000L;

  /// RFC 8656 §12.
  static final long CHANNEL_NANOS = 600_000_000_000L;

  final NetworkPath client;
  final TurnUsername user;
  final StunIntegrity integrity;

  /// Of the request that it was made for, which may come again (RFC 8656 §7.2).
  final byte[] transactionId;

  final OwnAddresses.Own relayed;

  /// When it ends unless it is refreshed.
  long expiresNanos;

  /// When its client last sent anything.
  long activeNanos;

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
      OwnAddresses.Own relayed) {
    this.client = client;
    this.user = user;
    this.integrity = integrity;
    this.transactionId = transactionId;
    this.relayed = relayed;
  }

  int family() {
    return relayed.family();
  }

  /// What it counts among of those of one source.
  long prefix() {
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

  /// Whether there is room for that many more peers. Only our own addresses are ever permitted, but
  /// those may change.
  boolean hasRoomFor(int more) {
    return permissions.size() + more <= 2 * OwnAddresses.MAX
        && peers.size() + more <= 2 * OwnAddresses.MAX;
  }

  /// Whether it may exchange data with this address now.
  boolean permits(PeerAddress peer, long nowNanos) {
    Permission permission = permission(peer.high(), peer.low());
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
