package org.plenum.sfu.bandwidth;

/// Tells whether others fill the bottleneck's queue and will go on doing so whatever this sender
/// does, as a download over TCP does. A sender that yields to such a queue starves; one that
/// shares it must go by loss, as the others do.
final class Competition {
  /// A queue of our own making drains in less, because the rate goes below the bottleneck's.
  private static final long PATIENCE_NANOS = 2_500_000_000L;

  private static final long STANDING_NANOS = 50_000_000;
  private static final long EMPTY_NANOS = 30_000_000;

  /// A queue that others fill and drain moves; a longer path does not.
  private static final long MOVES_NANOS = 20_000_000;

  private boolean standing;
  private long standingSince;
  private long least;
  private long greatest;
  private boolean competing;

  /// Once per feedback. Returns true if the path itself has become longer: what seemed a queue is
  /// none.
  boolean update(long queueNanos, long nowNanos) {
    if (competing) {
      competing = queueNanos > EMPTY_NANOS;
      standing = false;
      return false;
    }
    if (queueNanos < STANDING_NANOS) {
      standing = false;
      return false;
    }
    if (!standing) {
      standing = true;
      standingSince = nowNanos;
      least = queueNanos;
      greatest = queueNanos;
      return false;
    }
    least = Math.min(least, queueNanos);
    greatest = Math.max(greatest, queueNanos);
    if (nowNanos - standingSince < PATIENCE_NANOS) {
      return false;
    }
    standing = false;
    competing = greatest - least > MOVES_NANOS;
    return !competing;
  }

  boolean isCompeting() {
    return competing;
  }

  void reset() {
    standing = false;
    competing = false;
  }
}
