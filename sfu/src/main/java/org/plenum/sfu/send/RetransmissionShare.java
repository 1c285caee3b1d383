package org.plenum.sfu.send;

/// Bounds what a viewer can have sent again to a share of what it was sent in the last second: a
/// path that loses more than that carries less than it is sent, and more of the same makes it
/// worse. One thread, no clock.
public final class RetransmissionShare {
  /// What may be sent again, as a divisor of all that was sent. A path that loses a fifth asks for
  /// a quarter of the packets, some of them twice.
  private static final int SHARE_DIVISOR = 3;

  /// Whatever little was sent, a key frame's loss can be mended.
  static final long LEAST_BYTES = 12_000;

  private static final int BUCKETS = 8;
  private static final long BUCKET_NANOS = 125_000_000L;

  private final long[] sent = new long[BUCKETS];
  private final long[] again = new long[BUCKETS];
  private long sentBytes;
  private long againBytes;
  private boolean started;
  private long bucketNanos;
  private int bucket;

  /// Whether so many bytes may be sent again now.
  public boolean mayResend(int lengthBytes, long nowNanos) {
    advance(nowNanos);
    return againBytes + lengthBytes <= Math.max(LEAST_BYTES, sentBytes / SHARE_DIVISOR);
  }

  /// A packet was sent.
  ///
  /// @param isAgain whether it had been sent before
  public void onSent(int lengthBytes, boolean isAgain, long nowNanos) {
    advance(nowNanos);
    sent[bucket] += lengthBytes;
    sentBytes += lengthBytes;
    if (isAgain) {
      again[bucket] += lengthBytes;
      againBytes += lengthBytes;
    }
  }

  /// All bytes of the last second, more or less a bucket.
  public long sentBytes(long nowNanos) {
    advance(nowNanos);
    return sentBytes;
  }

  private void advance(long nowNanos) {
    if (!started) {
      started = true;
      bucketNanos = nowNanos;
    }
    long steps = (nowNanos - bucketNanos) / BUCKET_NANOS;
    if (steps <= 0) {
      return;
    }
    for (long i = Math.min(steps, BUCKETS); i > 0; i--) {
      bucket = (bucket + 1) % BUCKETS;
      sentBytes -= sent[bucket];
      againBytes -= again[bucket];
      sent[bucket] = 0;
      again[bucket] = 0;
    }
    bucketNanos += steps * BUCKET_NANOS;
  }
}
