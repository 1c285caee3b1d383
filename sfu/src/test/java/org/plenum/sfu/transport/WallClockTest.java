package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.rtp.NtpTime;

class WallClockTest {
  private static final long EPOCH_NANOS = 1_790_000_000_123_456_789L;

  @Test
  void runsWithTheMonotonicClockAcrossItsWrapAround() {
    long start = Long.MAX_VALUE - 1_000;
    var clock = new WallClock(EPOCH_NANOS, start);
    assertEquals(NtpTime.fromEpochNanos(EPOCH_NANOS), clock.ntp(start));
    assertEquals(NtpTime.fromEpochNanos(EPOCH_NANOS + 5_000), clock.ntp(start + 5_000));
    assertEquals(NtpTime.fromEpochNanos(EPOCH_NANOS - 5_000), clock.ntp(start - 5_000));
  }

  @Test
  void durationsAreInFractionsOfASecond() {
    assertEquals(3L << 31, NtpTime.fromDuration(1_500_000_000));
    assertEquals(-(3L << 31), NtpTime.fromDuration(-1_500_000_000));
    assertEquals(0, NtpTime.fromDuration(0));
  }
}
