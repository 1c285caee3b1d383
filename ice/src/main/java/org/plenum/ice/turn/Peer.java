package org.plenum.ice.turn;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.ReceiveBatch;

/// One of our own addresses, or one of a direct call's other side, as a relay sends to it and hears
/// from it.
final class Peer {
  static final int NO_CHANNEL = 0;

  final Allocation owner;
  final PeerAddress address;

  /// What comes from the relay to this address comes over it, and what is sent to it goes to the
  /// relay's client: from the relay's address, under a number below 0.
  final NetworkPath path;

  /// By the relay's own port to this address; null until something has come from there, for a relay
  /// never is the first to write to anybody.
  @Nullable NetworkPath outside;

  /// Whether its relay's client has ever sent it anything.
  boolean isWanted;

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

  /// Whether datagram i of the batch is from there; allocates nothing.
  boolean isSourceOf(ReceiveBatch batch, int i) {
    return batch.remotePort(i) == address.port()
        && batch.remoteLow(i) == address.low()
        && batch.remoteHigh(i) == address.high();
  }

  /// Whether it is this relay's address.
  boolean isAt(OwnAddresses.Own relayed) {
    return address.port() == relayed.port()
        && address.low() == relayed.low()
        && address.high() == relayed.high();
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
