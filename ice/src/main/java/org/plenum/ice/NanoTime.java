package org.plenum.ice;

/// Comparison of monotonic nanosecond times, which may wrap around: by subtraction only.
public final class NanoTime {
  /// A time-out that is not armed.
  public static final long NEVER = Long.MAX_VALUE;

  private NanoTime() {}

  /// Whether `deadlineNanos` has come; an unarmed deadline ([#NEVER]) never does.
  public static boolean isDue(long deadlineNanos, long nowNanos) {
    return deadlineNanos != NEVER && deadlineNanos - nowNanos <= 0;
  }

  /// The deadline `delayNanos` from now, never equal to [#NEVER] by accident of wrap-around.
  public static long after(long nowNanos, long delayNanos) {
    long deadline = nowNanos + delayNanos;
    return deadline == NEVER ? deadline + 1 : deadline;
  }

  /// The deadline that has come already, never equal to [#NEVER] either.
  public static long at(long nowNanos) {
    return after(nowNanos, 0);
  }

  /// The earlier of two deadlines, either of which may be [#NEVER].
  public static long earlier(long a, long b) {
    if (a == NEVER) {
      return b;
    }
    if (b == NEVER) {
      return a;
    }
    return a - b <= 0 ? a : b;
  }
}
