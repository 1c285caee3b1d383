package org.plenum.bench.client;

import org.plenum.ice.NanoTime;

/// From when until when a client counts for the result: what was sent before it was ready, or while
/// it left, is no packet that it should have had. Both times are set before they come, so whoever
/// asks about a packet that was sent gets the same answer on every thread.
public final class Presence {
  /// So long before it comes a time must be set: longer than any thread waits between reading the
  /// clock and asking.
  public static final long NOTICE_NANOS = 50_000_000;

  private volatile long fromNanos = NanoTime.NEVER;
  private volatile long untilNanos = NanoTime.NEVER;

  /// Any thread.
  ///
  /// @param delayNanos from now until it counts; less than [#NOTICE_NANOS] are taken for that
  public void begin(long nowNanos, long delayNanos) {
    fromNanos = NanoTime.after(nowNanos, Math.max(delayNanos, NOTICE_NANOS));
  }

  /// Any thread; it counts for [#NOTICE_NANOS] more.
  public void end(long nowNanos) {
    untilNanos = NanoTime.after(nowNanos, NOTICE_NANOS);
  }

  /// Whether a packet that was sent then should have come, or comes from one who counts.
  boolean includes(long sentNanos) {
    return NanoTime.isDue(fromNanos, sentNanos) && !NanoTime.isDue(untilNanos, sentNanos);
  }
}
