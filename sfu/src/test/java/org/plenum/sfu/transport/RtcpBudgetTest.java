package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RtcpBudgetTest {
  private static final long MILLI = 1_000_000;

  private final RtcpBudget budget = RtcpBudget.ofItems();
  private long now = Long.MAX_VALUE - 500 * MILLI;

  @Test
  void oneTurnReadsNoMoreThanABurst() {
    int read = 0;
    for (int i = 0; i < 4_000; i++) {
      read += budget.take(17, now);
    }
    assertEquals(2_048, read);
  }

  @Test
  void aFloodIsReadAtAnEvenPace() {
    int read = 0;
    for (int i = 0; i < 10_000; i++) {
      read += budget.take(5_000, now);
      now += MILLI;
    }
    assertEquals(80_000 + 2_048, read, 16);
  }

  @Test
  void whatAViewerNeedsIsRead() {
    for (int i = 0; i < 10_000; i++) {
      assertEquals(80, budget.take(80, now)); // 4000 a second
      now += 20 * MILLI;
    }
  }
}
