package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NtpTimeTest {
  @Test
  void countsFrom1900() { // RFC 3550 §4
    assertEquals(2_208_988_800L << 32, NtpTime.fromInstant(Instant.EPOCH));
    assertEquals(2_208_988_800L << 32, NtpTime.fromEpochNanos(0));
    assertEquals(
        0xB44DB705_20000000L, NtpTime.fromInstant(Instant.parse("1995-11-10T11:33:25.125Z")));
  }

  @Test
  void readsTheExampleOfTheRfc() { // RFC 3550 figure 2: 10 Nov 1995 11:33:25.125 UTC
    assertEquals(
        Instant.parse("1995-11-10T11:33:25.125Z"), NtpTime.toInstant(0xB44DB705_20000000L));
    assertEquals(0xB7052000, NtpTime.middle32(0xB44DB705_20000000L));
  }

  @Test
  void findsTheRoundTripOfTheExample() { // RFC 3550 figure 2: 6.125 s
    assertEquals(6_125_000_000L, NtpTime.roundTripNanos(0xB7108000, 0xB7052000, 0x00054000));
  }

  @Test
  void roundTripsSurviveTheWrapAround() {
    assertEquals(2_000_000_000L, NtpTime.roundTripNanos(0x00010000, 0xFFFE0000, 0x00010000));
  }

  @Test
  void aRoundTripNeedsASenderReportAndIsNeverNegative() {
    assertEquals(-1, NtpTime.roundTripNanos(0x00010000, 0, 0x00010000));
    assertEquals(0, NtpTime.roundTripNanos(0x00030000, 0x00020000, 0x00010001));
  }

  @Test
  void saysTheDelayInFractionsOfASecond() {
    assertEquals(0x00054000, NtpTime.shortFromNanos(5_250_000_000L));
    assertEquals(5_250_000_000L, NtpTime.nanosFromShort(0x00054000));
    assertEquals(0, NtpTime.shortFromNanos(-1));
    assertEquals(-1, NtpTime.shortFromNanos(Long.MAX_VALUE), "the end of the field");
    assertEquals(65_535_999_984_741L, NtpTime.nanosFromShort(-1));
  }

  @Test
  void entersTheNextEraIn2036() { // RFC 4330 §3
    Instant start = Instant.parse("2036-02-07T06:28:16Z");
    assertEquals(0, NtpTime.fromInstant(start));
    assertEquals(start, NtpTime.toInstant(0));
    assertEquals(start.minusNanos(1), NtpTime.toInstant(NtpTime.fromInstant(start.minusNanos(1))));
  }

  @Test
  void everyNanosecondComesBack() {
    var random = new Random(3);
    for (int round = 0; round < 10_000; round++) {
      long epochNanos = random.nextLong(4_000_000_000L * 1_000_000_000L);
      assertEquals(epochNanos, NtpTime.toEpochNanos(NtpTime.fromEpochNanos(epochNanos)));
    }
    assertEquals(-1, NtpTime.toEpochNanos(NtpTime.fromEpochNanos(-1)));
    assertEquals(999_999_999, NtpTime.toEpochNanos(NtpTime.fromEpochNanos(999_999_999)));
  }
}
