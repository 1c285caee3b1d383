package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SequenceNumbersTest {
  @Test
  void distancesCrossTheWrapAround() {
    assertEquals(1, SequenceNumbers.distance(0, 65_535));
    assertEquals(-1, SequenceNumbers.distance(65_535, 0));
    assertEquals(32_767, SequenceNumbers.distance(32_767, 0));
    assertEquals(-32_768, SequenceNumbers.distance(32_768, 0));
  }

  @Test
  void unwrapsToTheNearest() {
    assertEquals(65_536, SequenceNumbers.unwrap(0, 65_535));
    assertEquals(65_535, SequenceNumbers.unwrap(65_535, 65_536));
    assertEquals(-1, SequenceNumbers.unwrap(65_535, 0));
    assertEquals(5_000_000_000L, SequenceNumbers.unwrap(0xF200, 5_000_000_010L));
  }
}
