package org.plenum.sfu.receive;

import java.util.Arrays;

/// The most of something that changes, over the last four seconds, give or take half of one.
/// Allocates nothing after construction. One thread, no clock.
public final class PeakRate {
  private static final int PARTS = 8;
  private static final long PART_NANOS = 500_000_000L;

  private final long[] most = new long[PARTS];
  private boolean started;
  private long partNanos;
  private int part;

  /// So much it is now, 0 or more.
  public void note(long value, long nowNanos) {
    advance(nowNanos);
    most[part] = Math.max(most[part], value);
  }

  /// The most that was noted; 0 if nothing was.
  public long most(long nowNanos) {
    advance(nowNanos);
    long highest = 0;
    for (long each : most) {
      highest = Math.max(highest, each);
    }
    return highest;
  }

  private void advance(long nowNanos) {
    if (!started) {
      started = true;
      partNanos = nowNanos;
    }
    long steps = (nowNanos - partNanos) / PART_NANOS;
    if (steps <= 0) {
      return;
    }
    if (steps >= PARTS) {
      Arrays.fill(most, 0);
    } else {
      for (long i = 0; i < steps; i++) {
        part = (part + 1) % PARTS;
        most[part] = 0;
      }
    }
    partNanos += steps * PART_NANOS;
  }
}
