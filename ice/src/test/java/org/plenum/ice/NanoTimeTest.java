package org.plenum.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NanoTimeTest {
  @Test
  void aDeadlineIsDueWhenItsTimeHasCome() {
    assertFalse(NanoTime.isDue(100, 99));
    assertTrue(NanoTime.isDue(100, 100));
    assertTrue(NanoTime.isDue(100, 101));
  }

  @Test
  void aDeadlineBeyondTheWrapIsDueAfterTheWrapOnly() {
    long now = Long.MAX_VALUE - 5;
    long deadline = NanoTime.after(now, 10);
    assertTrue(deadline < 0);
    assertFalse(NanoTime.isDue(deadline, now));
    assertFalse(NanoTime.isDue(deadline, deadline - 1));
    assertTrue(NanoTime.isDue(deadline, deadline));
  }

  @Test
  void anUnarmedDeadlineIsNeverDue() {
    assertFalse(NanoTime.isDue(NanoTime.NEVER, Long.MAX_VALUE));
    assertFalse(NanoTime.isDue(NanoTime.NEVER, Long.MIN_VALUE + 1));
    assertFalse(NanoTime.isDue(NanoTime.NEVER, 0));
  }

  @Test
  void aDeadlineIsNeverUnarmedByAccident() {
    long deadline = NanoTime.after(Long.MAX_VALUE - 10, 10);
    assertNotEquals(NanoTime.NEVER, deadline);
    assertFalse(NanoTime.isDue(deadline, Long.MAX_VALUE));
    assertTrue(NanoTime.isDue(deadline, Long.MIN_VALUE));
  }

  @Test
  void theEarlierOfTwoDeadlinesIsFoundAcrossTheWrap() {
    long before = Long.MAX_VALUE - 5;
    long after = NanoTime.after(before, 10);
    assertEquals(before, NanoTime.earlier(before, after));
    assertEquals(before, NanoTime.earlier(after, before));
  }

  @Test
  void anUnarmedDeadlineIsLaterThanAnyOther() {
    long after = NanoTime.after(Long.MAX_VALUE - 5, 10);
    assertEquals(after, NanoTime.earlier(after, NanoTime.NEVER));
    assertEquals(after, NanoTime.earlier(NanoTime.NEVER, after));
    assertEquals(NanoTime.NEVER, NanoTime.earlier(NanoTime.NEVER, NanoTime.NEVER));
  }
}
