package org.plenum.sfu.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MILLISECOND = 1_000_000L;

  @Test
  void letsEverythingThroughWithoutACeiling() {
    var pacer = new Pacer();
    for (int i = 0; i < 10_000; i++) {
      assertTrue(pacer.mayRelease(0));
      pacer.onReleased(1200);
    }
  }

  @Test
  void keepsToItsRateOverSeconds() {
    var pacer = new Pacer();
    // Near the end of the time scale, so that it wraps around.
    long start = Long.MAX_VALUE - 500 * MILLISECOND;
    pacer.rate(1_000_000, start);
    long sent = 0;
    for (int tick = 0; tick < 200; tick++) {
      long now = start + tick * 10 * MILLISECOND;
      while (pacer.mayRelease(now)) {
        pacer.onReleased(1200);
        sent += 1200;
      }
    }
    assertEquals(2 * 1_000_000 / 8, sent, 6_000);
  }

  @Test
  void savesUpNoMoreThanABurst() {
    var pacer = new Pacer();
    pacer.rate(1_000_000, 0);
    long sent = 0;
    while (pacer.mayRelease(60_000 * MILLISECOND)) {
      pacer.onReleased(1200);
      sent += 1200;
    }
    assertTrue(sent <= 4_500 + 1_200, sent + " bytes at once");
  }

  @Test
  void savesUpMoreWhereThePathCarriesFarMoreThanIsSent() {
    assertEquals(5 * 1_000, atOnce(false));
    assertEquals(10 * 1_000, atOnce(true));
  }

  /// At 4 Mb/s, after a pause, in packets of 1000 bytes.
  private static long atOnce(boolean ample) {
    var pacer = new Pacer();
    pacer.rate(4_000_000, 0);
    pacer.ample(ample);
    long sent = 0;
    while (pacer.mayRelease(1_000 * MILLISECOND)) {
      pacer.onReleased(1_000);
      sent += 1_000;
    }
    return sent;
  }

  /// A REMB can say up to 2^63 bit/s.
  @Test
  void ceilingAboveAnyPortIsNone() {
    for (long bitrate = 1L << 37; bitrate > 0; bitrate <<= 1) {
      var pacer = new Pacer();
      pacer.rate(bitrate, 0);
      for (int i = 1; i < 200; i++) {
        assertTrue(pacer.mayRelease(i * MILLISECOND), bitrate + " bit/s");
        pacer.onReleased(100_000);
      }
    }
  }
}
