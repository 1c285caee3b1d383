package org.plenum.signaling.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeapBoundTest {
  private final HeapBound bound = new HeapBound();

  @Test
  void isFullFromTheBoundOnUntilThereIsMoreThanABitOfRoom() {
    assertFalse(bound.onCollected(84, 100));
    assertFalse(bound.isFull());
    assertTrue(bound.onCollected(85, 100));
    assertTrue(bound.isFull());
    assertFalse(bound.onCollected(76, 100));
    assertTrue(bound.isFull());
    assertTrue(bound.onCollected(74, 100));
    assertFalse(bound.isFull());
    assertEquals(0.74, bound.used());
  }
}
