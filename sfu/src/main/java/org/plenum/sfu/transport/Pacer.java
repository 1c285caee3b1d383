package org.plenum.sfu.transport;

/// Decides when a waiting packet may leave. The budget is unlimited unless the viewer set a ceiling
/// (REMB); a bandwidth
/// estimate will set it here too. A token bucket; one thread, no clock.
final class Pacer {
  /// No limit.
  static final long UNLIMITED = Long.MAX_VALUE;

  /// What may leave at once after a pause: two ticks of the worker, and at least a few packets.
  private static final long BURST_NANOS = 20_000_000L;

  private static final long LEAST_BURST_BYTES = 4_500;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long MOST_ELAPSED_NANOS = 100_000_000L;

  private long rateBps = UNLIMITED;
  private long creditBytes;
  private long creditedNanos;

  /// Sets the budget, bit/s.
  void rate(long bitrateBps, long nowNanos) {
    if (rateBps == UNLIMITED) {
      creditedNanos = nowNanos;
      creditBytes = 0;
    }
    rateBps = bitrateBps;
  }

  /// Whether the next packet may leave now.
  boolean mayRelease(long nowNanos) {
    if (rateBps == UNLIMITED) {
      return true;
    }
    long elapsed = Math.clamp(nowNanos - creditedNanos, 0, MOST_ELAPSED_NANOS);
    long earned = rateBps / 8 * elapsed / NANOS_PER_SECOND;
    if (earned > 0) {
      creditedNanos = nowNanos;
      creditBytes = Math.min(creditBytes + earned, burstBytes());
    }
    return creditBytes > 0;
  }

  /// Charges a packet that left; the credit may go below zero, so that large packets pass too.
  void onReleased(int lengthBytes) {
    if (rateBps != UNLIMITED) {
      creditBytes -= lengthBytes;
    }
  }

  private long burstBytes() {
    return Math.max(LEAST_BURST_BYTES, rateBps / 8 * BURST_NANOS / NANOS_PER_SECOND);
  }
}
