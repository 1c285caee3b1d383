package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RetransmissionBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void givesABurstAndThenAnEvenPace() {
    var budget = new RetransmissionBudget();
    long start = Long.MAX_VALUE - SECOND / 2; // the clock wraps on the way
    assertEquals(RetransmissionBudget.BURST, taken(budget, start));
    assertEquals(0, taken(budget, start));
    int paced = 0;
    for (int millis = 1; millis <= 1000; millis++) {
      paced += taken(budget, start + millis * SECOND / 1000);
    }
    assertEquals(RetransmissionBudget.PER_SECOND, paced);
  }

  @Test
  void isFullAgainAfterAPause() {
    var budget = new RetransmissionBudget();
    assertTrue(budget.take(0));
    assertEquals(RetransmissionBudget.BURST, taken(budget, SECOND));
    assertEquals(RetransmissionBudget.BURST, taken(budget, 3600 * SECOND));
  }

  private static int taken(RetransmissionBudget budget, long now) {
    int taken = 0;
    while (taken < 10_000 && budget.take(now)) {
      taken++;
    }
    return taken;
  }
}
