package org.plenum.sfu.bandwidth;

/// After a reduction, lowers the rate for a moment below what the bottleneck passes on, so that the
/// queue before it drains within about half a second instead of several.
final class QueueDrain {
  private static final double DRAIN_NANOS = 500e6;
  private static final double LEAST_PART = 0.4;
  private static final long EMPTY_NANOS = 40_000_000;

  /// A delay that stays although less is sent is not this viewer's queue.
  private static final long LONGEST_NANOS = 1_500_000_000;

  private boolean draining;
  private long until;
  private double capacityBps;

  void onReduced(double bottleneckBps, long queueNanos, long nowNanos) {
    if (queueNanos <= EMPTY_NANOS) {
      return;
    }
    if (!draining) {
      draining = true;
      until = nowNanos + LONGEST_NANOS;
    }
    capacityBps = bottleneckBps;
  }

  void update(long queueNanos, long nowNanos) {
    if (draining && (queueNanos <= EMPTY_NANOS || until - nowNanos <= 0)) {
      draining = false;
    }
  }

  boolean isDraining() {
    return draining;
  }

  double bound(double bps, long queueNanos) {
    if (!draining) {
      return bps;
    }
    double part = Math.max(LEAST_PART, 1 - queueNanos / DRAIN_NANOS);
    return Math.min(bps, capacityBps * part);
  }

  void reset() {
    draining = false;
  }
}
