package org.plenum.sfu.receive;

/// Holds one published track to its largest bitrate, as a network that carries no more would:
/// what is over it is dropped, so that a sender that looks at its loss slows down. A token
/// bucket; one thread, no clock.
public final class BitratePolicer {
  /// At once, after a pause: a second's worth, since key frames and probes are many times what
  /// comes on average.
  private static final long BURST_NANOS = 1_000_000_000L;

  /// How often the publisher is told, however long it goes on.
  private static final long TOLD_INTERVAL_NANOS = 10_000_000_000L;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long bitrateBps;
  private boolean started;

  /// When all that was let through would have come at an even pace.
  private long paidUntilNanos;

  private boolean everTold;
  private long toldNanos;

  /// @param bitrateBps the most; whole datagrams are counted
  public BitratePolicer(long bitrateBps) {
    this.bitrateBps = bitrateBps;
  }

  /// At the most, bit/s.
  public long bitrateBps() {
    return bitrateBps;
  }

  /// Whether a datagram of this many bytes is within the bitrate; if so, it counts.
  public boolean take(int lengthBytes, long nowNanos) {
    if (!started || paidUntilNanos - nowNanos < 0) {
      started = true;
      paidUntilNanos = nowNanos;
    }
    if (paidUntilNanos - nowNanos > BURST_NANOS) {
      return false;
    }
    paidUntilNanos += 8L * lengthBytes * NANOS_PER_SECOND / bitrateBps;
    return true;
  }

  /// Whether the publisher is to be told now that it is over it; if so, it counts as told.
  public boolean takeTold(long nowNanos) {
    if (everTold && nowNanos - toldNanos < TOLD_INTERVAL_NANOS) {
      return false;
    }
    everTold = true;
    toldNanos = nowNanos;
    return true;
  }
}
