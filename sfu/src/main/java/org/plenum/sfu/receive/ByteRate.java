package org.plenum.sfu.receive;

/// How many bytes passed in the last second, give or take an eighth of it. Allocates nothing after
/// construction. One thread, no clock.
public final class ByteRate {
  private static final int BUCKETS = 8;
  private static final long BUCKET_NANOS = 125_000_000L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long[] bytes = new long[BUCKETS];
  private long sum;
  private boolean started;
  private long startNanos;
  private long bucketNanos;
  private int bucket;

  public void add(int lengthBytes, long nowNanos) {
    advance(nowNanos);
    bytes[bucket] += lengthBytes;
    sum += lengthBytes;
  }

  /// Bytes in the last second.
  public long bytes(long nowNanos) {
    advance(nowNanos);
    return sum;
  }

  /// Bits per second; in the first second, what the time since the first byte suggests.
  public long bitsPerSecond(long nowNanos) {
    advance(nowNanos);
    long elapsed = Math.clamp(nowNanos - startNanos, BUCKET_NANOS, NANOS_PER_SECOND);
    return sum * 8 * NANOS_PER_SECOND / elapsed;
  }

  /// Time since the first byte; 0 before it.
  public long ageNanos(long nowNanos) {
    return started ? nowNanos - startNanos : 0;
  }

  private void advance(long nowNanos) {
    if (!started) {
      started = true;
      startNanos = nowNanos;
      bucketNanos = nowNanos;
    }
    long steps = (nowNanos - bucketNanos) / BUCKET_NANOS;
    if (steps <= 0) {
      return;
    }
    for (long i = Math.min(steps, BUCKETS); i > 0; i--) {
      bucket = (bucket + 1) % BUCKETS;
      sum -= bytes[bucket];
      bytes[bucket] = 0;
    }
    bucketNanos += steps * BUCKET_NANOS;
  }
}
