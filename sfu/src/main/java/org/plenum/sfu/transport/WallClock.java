package org.plenum.sfu.transport;

/// Our NTP time (RFC 3550 §4) as a function of the worker's monotonic time: both clocks are read
/// once, at construction, by the
/// caller. Immutable.
///
/// @param epochNanos wall time at the reading, nanoseconds since 1970
/// @param monotonicNanos monotonic time at the reading
public record WallClock(long epochNanos, long monotonicNanos) {
  private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /// 64-bit NTP timestamp of a monotonic time.
  public long ntp(long nowNanos) {
    return toNtp(epochNanos + (nowNanos - monotonicNanos)) + (SECONDS_1900_TO_1970 << 32);
  }

  /// A duration in NTP units of 2^-32 s.
  public static long toNtp(long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    long rest = Math.floorMod(nanos, NANOS_PER_SECOND);
    return (seconds << 32) + (rest << 32) / NANOS_PER_SECOND;
  }
}
