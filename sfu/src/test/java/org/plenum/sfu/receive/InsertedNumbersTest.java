package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InsertedNumbersTest {
  private final InsertedNumbers numbers = new InsertedNumbers();

  @Test
  void packetsAfterAnInsertionMoveUpAndThoseBeforeStay() {
    assertEquals(100, numbers.of(100));
    numbers.insert(100, 2);
    assertEquals(99, numbers.of(99));
    assertEquals(102, numbers.of(100));
    numbers.insert(200, 3);
    assertEquals(201, numbers.of(199));
    assertEquals(205, numbers.of(200));
  }

  @Test
  void placeOfAVeryLatePacketIsForgotten() {
    for (int i = 0; i < InsertedNumbers.KEPT; i++) {
      numbers.insert(1_000 + 10 * i, 1);
    }
    assertEquals(999, numbers.of(999));
    numbers.insert(5_000, 1);
    assertEquals(InsertedNumbers.TOO_LATE, numbers.of(1_009));
    assertEquals(1_011, numbers.of(1_010) - 1);
    assertEquals(5_000 + InsertedNumbers.KEPT + 1, numbers.of(5_000));
  }
}
