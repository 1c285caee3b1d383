package org.plenum.sfu.bandwidth;

/// How late what was lost and is asked for again comes, while others keep the queue before the
/// bottleneck full: it waits in that queue once more, and one round trip goes by.
final class RepairDelay {
  /// Others go on filling a queue soon after it was empty.
  private static final long MEMORY_NANOS = 10_000_000_000L;

  /// Until a receiver has seen that something is missing and asked for it.
  private static final long NOTICE_NANOS = 40_000_000L;

  private long leastRoundTrip = Long.MAX_VALUE;
  private long longestQueue;
  private long competedNanos;

  /// A round trip was measured, with whatever waited on it.
  void onRoundTrip(long nanos) {
    leastRoundTrip = Math.min(leastRoundTrip, nanos);
  }

  /// Once per feedback.
  void update(boolean competing, long queueNanos, long nowNanos) {
    if (competing) {
      longestQueue = Math.max(longestQueue, queueNanos);
      competedNanos = nowNanos;
    } else if (nowNanos - competedNanos > MEMORY_NANOS) {
      longestQueue = 0;
    }
  }

  void reset() {
    leastRoundTrip = Long.MAX_VALUE;
    longestQueue = 0;
  }

  /// How long packets have waited in the queue that others fill; 0 while nobody does.
  long queueNanos() {
    return longestQueue;
  }

  /// @return 0 while nobody else fills the queue
  long nanos() {
    long roundTrip = leastRoundTrip == Long.MAX_VALUE ? 0 : leastRoundTrip;
    return longestQueue == 0 ? 0 : longestQueue + roundTrip + NOTICE_NANOS;
  }
}
