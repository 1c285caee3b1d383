package org.plenum.sfu.transport;

import org.plenum.sfu.rtp.NtpTime;

/// Our NTP time (RFC 3550 §4) as a function of the worker's monotonic time: both clocks are read
/// once, at construction, by the caller. Immutable.
///
/// @param epochNanos wall time at the reading, nanoseconds since 1970
/// @param monotonicNanos monotonic time at the reading
public record WallClock(long epochNanos, long monotonicNanos) {
  /// 64-bit NTP timestamp of a monotonic time.
  public long ntp(long nowNanos) {
    return NtpTime.fromEpochNanos(epochNanos + (nowNanos - monotonicNanos));
  }
}
