package org.plenum.signaling.limit;

/// Lets a number of events through each second, and up to five seconds' worth at once. Not
/// thread-safe.
public final class TokenBucket {
  private static final int BURST_SECONDS = 5;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final long capacityNanos;
  private final long costNanos;

  /// What has gathered, as the time it took to; negative while something large is made up for.
  private long levelNanos;

  private long updatedNanos;

  public TokenBucket(int perSecond, long nowNanos) {
    this.capacityNanos = BURST_SECONDS * SECOND_NANOS;
    this.costNanos = SECOND_NANOS / perSecond;
    this.levelNanos = capacityNanos;
    this.updatedNanos = nowNanos;
  }

  /// Whether one more may pass now; takes it if so.
  public boolean tryTake(long nowNanos) {
    refill(nowNanos);
    if (levelNanos < costNanos) {
      return false;
    }
    levelNanos -= costNanos;
    return true;
  }

  /// Whether something of this size may pass now; takes it if so. The last one may be larger than
  /// what is left: those after it wait until that is made up for, so nothing is too large for ever.
  public boolean tryTake(long cost, long nowNanos) {
    refill(nowNanos);
    if (levelNanos <= 0) {
      return false;
    }
    levelNanos -= Math.multiplyExact(cost, costNanos);
    return true;
  }

  /// Whether nothing was taken lately, so that a new one would do as well.
  public boolean isFull(long nowNanos) {
    refill(nowNanos);
    return levelNanos == capacityNanos;
  }

  private void refill(long nowNanos) {
    long passed = Math.max(0, nowNanos - updatedNanos);
    levelNanos = passed >= capacityNanos - levelNanos ? capacityNanos : levelNanos + passed;
    updatedNanos = nowNanos;
  }
}
