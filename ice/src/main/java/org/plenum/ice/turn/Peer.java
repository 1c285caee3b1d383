package org.plenum.ice.turn;

import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;

/// One of our own addresses as a relay sends to it and hears from it.
final class Peer {
  static final int NO_CHANNEL = 0;

  final Allocation owner;
  final PeerAddress address;

  /// What comes from the relay to this address comes over it: from the relay's address, under a
  /// number below 0.
  final NetworkPath path;

  private int channel = NO_CHANNEL;
  private long channelUntilNanos;

  /// @param number what the path gets, below 0
  Peer(Allocation owner, PeerAddress address, int number) {
    this.owner = owner;
    this.address = address;
    OwnAddresses.Own relayed = owner.relayed;
    this.path =
        new NetworkPath(
            relayed.high(), relayed.low(), relayed.port(), address.high(), address.low(), number);
  }

  /// The channel that is bound to it (RFC 8656 §12), [#NO_CHANNEL] if none is.
  int channel(long nowNanos) {
    return channel == NO_CHANNEL || NanoTime.isDue(channelUntilNanos, nowNanos)
        ? NO_CHANNEL
        : channel;
  }

  void bind(int number, long untilNanos) {
    channel = number;
    channelUntilNanos = untilNanos;
  }
}
