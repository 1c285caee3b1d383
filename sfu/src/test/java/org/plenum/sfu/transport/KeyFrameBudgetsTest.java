package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.TrackId;

class KeyFrameBudgetsTest {
  private static final long MILLI = 1_000_000;
  private static final TrackId CAMERA = new TrackId("camera");

  private final KeyFrameBudgets budgets = new KeyFrameBudgets();
  private long now = Long.MAX_VALUE - 3_000 * MILLI;

  private int takenIn(int millis, TrackId track) {
    int taken = 0;
    for (int i = 0; i < millis; i += 10) {
      taken += budgets.take(track, now) ? 1 : 0;
      now += 10 * MILLI;
    }
    return taken;
  }

  @Test
  void threeAtOnceThenOneInTwoSeconds() {
    assertEquals(3, takenIn(1_000, CAMERA));
    assertEquals(30, takenIn(60_000, CAMERA));
  }

  @Test
  void aQuietTimeGivesTheBurstBack() {
    assertEquals(3, takenIn(10, CAMERA) + takenIn(10, CAMERA) + takenIn(10, CAMERA));
    now += 6_000 * MILLI;
    assertEquals(3, takenIn(100, CAMERA));
  }

  @Test
  void eachTrackHasItsOwn() {
    assertEquals(3, takenIn(100, CAMERA));
    for (int i = 0; i < 64; i++) {
      assertTrue(budgets.take(new TrackId("t" + i), now));
    }
    assertFalse(budgets.take(new TrackId("camera"), now));
  }

  @Test
  void tracksAreBoundedAndThoseOfThePastAreForgotten() {
    for (int round = 0; round < 3; round++) {
      int taken = 0;
      for (int i = 0; i < 1_000; i++) {
        taken += budgets.take(new TrackId(round + "-" + i), now) ? 1 : 0;
      }
      assertEquals(128, taken);
      now += 2_000 * MILLI;
    }
  }
}
