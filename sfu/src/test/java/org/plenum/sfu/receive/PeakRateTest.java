package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PeakRateTest {
  private static final long SECOND = 1_000_000_000L;

  private final PeakRate peak = new PeakRate();

  @Test
  void isTheMostOfTheLastSeconds() {
    peak.note(100, -3 * SECOND);
    peak.note(500, -2 * SECOND);
    peak.note(300, 0);
    assertEquals(500, peak.most(SECOND));
    assertEquals(300, peak.most(3 * SECOND));
    assertEquals(0, peak.most(5 * SECOND));
  }

  @Test
  void isForgottenAfterALongSilence() {
    assertEquals(0, peak.most(0));
    peak.note(500, 0);
    peak.note(0, 3_600 * SECOND);
    assertEquals(0, peak.most(3_600 * SECOND));
  }
}
