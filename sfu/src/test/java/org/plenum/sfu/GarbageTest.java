package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GarbageTest {
  private static final int ROUNDS = 10_000;

  private int sum;
  private Object kept = "";

  @Test
  void arithmeticLeavesNone() {
    assertEquals(0, Garbage.ofCalmest(this::add));
  }

  @Test
  void oneObjectInThousandsOfRoundsIsSeen() {
    long bytes =
        Garbage.ofCalmest(
            () -> {
              add();
              kept = new int[] {sum};
            });
    assertTrue(bytes >= 16 && bytes < ROUNDS, bytes + " bytes, kept " + kept);
  }

  @Test
  void aWindowThatAllocatesOnceIsForgiven() {
    var windows = new int[1];
    assertEquals(0, Garbage.ofCalmestMeasured(() -> windows[0]++ < 3 ? 100 : 0));
    assertEquals(4, windows[0]);
  }

  private void add() {
    for (int i = 0; i < ROUNDS; i++) {
      sum += i;
    }
  }
}
