package org.plenum.sfu.bandwidth;

import java.util.Arrays;

/// How long packets wait on the path: their one-way delay over the least of the last 20 s. The two
/// clocks' offset cancels out, and their drift is too slow to matter in that time.
final class QueueingDelay {
  private static final long BUCKET_NANOS = 2_000_000_000L;
  private static final int BUCKETS = 10;

  /// A delay that differs from the one before by more is a clock that was set.
  private static final long CLOCK_JUMP_NANOS = 5_000_000_000L;

  /// No jitter makes all packets of a feedback wait so long.
  private static final long LONG_QUEUE_NANOS = 100_000_000L;

  /// From one feedback to the next, which are 50 to 250 ms apart.
  private static final long FAST_NANOS = 40_000_000L;

  /// More than a sender near the link's rate makes of bursts and frames that vary.
  private static final long MUCH_NANOS = 80_000_000L;

  /// And it would be gone by then if it were the end of one.
  private static final long STANDS_NANOS = 300_000_000L;

  private final long[] least = new long[BUCKETS];
  private boolean started;
  private int bucket;
  private long bucketUntil;
  private long origin;
  private long leastOfAll;
  private long feedbackLeast;
  private boolean feedbackStarted;
  private long queueNanos;
  private boolean filling;
  private boolean isLong;
  private long longSince;
  private boolean held;

  /// Returns how long this packet waited.
  long onReceived(long sendNanos, long arrivalNanos, long nowNanos) {
    long delay = arrivalNanos - sendNanos - origin;
    if (!started || Math.abs(delay - least[bucket]) > CLOCK_JUMP_NANOS) {
      start(arrivalNanos - sendNanos, nowNanos);
      delay = 0;
    }
    if (nowNanos - bucketUntil >= 0) {
      bucketUntil = nowNanos + BUCKET_NANOS;
      if (!held) {
        bucket = (bucket + 1) % BUCKETS;
        least[bucket] = delay;
        findLeast();
      }
    }
    least[bucket] = Math.min(least[bucket], delay);
    leastOfAll = Math.min(leastOfAll, delay);
    feedbackLeast = feedbackStarted ? Math.min(feedbackLeast, delay) : delay;
    feedbackStarted = true;
    return delay - leastOfAll;
  }

  private void start(long offset, long nowNanos) {
    started = true;
    origin = offset;
    Arrays.fill(least, 0);
    leastOfAll = 0;
    bucket = 0;
    bucketUntil = nowNanos + BUCKET_NANOS;
    feedbackStarted = false;
  }

  private void findLeast() {
    leastOfAll = least[0];
    for (int i = 1; i < BUCKETS; i++) {
      leastOfAll = Math.min(leastOfAll, least[i]);
    }
  }

  /// Ends one feedback: the least wait of its packets is the queue, the rest is jitter.
  void update(long nowNanos) {
    if (feedbackStarted) {
      long before = queueNanos;
      queueNanos = feedbackLeast - leastOfAll;
      filling = queueNanos > LONG_QUEUE_NANOS && queueNanos - before > FAST_NANOS;
      feedbackStarted = false;
      if (queueNanos < MUCH_NANOS) {
        isLong = false;
      } else if (!isLong) {
        onReduced(nowNanos);
      }
    }
  }

  /// Whether others keep the queue from ever being empty: the least delay from before is not
  /// forgotten meanwhile, or the queue would be taken for the path.
  void hold(boolean yes) {
    held = yes;
  }

  /// Whether so much waits that the rate should not grow, whether the queue does or not.
  boolean isLong() {
    return isLong;
  }

  /// Whether that has been so for a while: too much is sent, however slowly the queue grows.
  boolean isStanding(long nowNanos) {
    return isLong && nowNanos - longSince >= STANDS_NANOS;
  }

  /// Less is sent from now on: that the queue was long before says nothing any more.
  void onReduced(long nowNanos) {
    isLong = queueNanos >= MUCH_NANOS;
    longSince = nowNanos;
  }

  /// Whether every packet of the latest feedback waited long, and much longer than one of the
  /// feedback before: a link that has become much narrower, of which no trend over the last second
  /// or so tells yet.
  boolean isFilling() {
    return filling;
  }

  /// Never negative.
  long nanos() {
    return queueNanos;
  }

  /// Takes the present delay for that of an empty path.
  void rebase() {
    started = false;
    queueNanos = 0;
    filling = false;
    isLong = false;
  }
}
