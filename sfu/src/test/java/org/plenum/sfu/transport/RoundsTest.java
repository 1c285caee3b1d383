package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When a worker makes its rounds, and how late it is.
class RoundsTest {
  private static final long MILLISECOND = 1_000_000;

  /// So that times wrap around.
  private static final long START = Long.MAX_VALUE - 5 * MILLISECOND;

  private final Rounds rounds = new Rounds();

  @BeforeEach
  void makeTheFirst() {
    rounds.start(START);
    assertTrue(rounds.isDue(START));
    assertEquals(0, rounds.begin(START, START));
  }

  @Test
  void isMadeWithWhateverWakesTheWorker() {
    assertFalse(rounds.isDue(at(9)));
    assertTrue(rounds.isDue(at(10)));
    assertEquals(at(25), rounds.nextNanos());
    assertEquals(0, rounds.begin(at(12), at(12)));
    assertEquals(at(37), rounds.nextNanos());
  }

  @Test
  void whatHurriesWaitsForTenMillisecondsAtTheMost() {
    rounds.hurry();
    assertEquals(at(10), rounds.nextNanos());
    rounds.begin(at(10), at(10));
    assertEquals(at(35), rounds.nextNanos());
  }

  @Test
  void wakingUpLateIsLate() {
    assertEquals(3 * MILLISECOND, rounds.begin(at(28), at(28)));
    rounds.hurry();
    assertEquals(5 * MILLISECOND, rounds.begin(at(43), at(43)));
  }

  @Test
  void beingBusyForTooLongIsLate() {
    assertEquals(20 * MILLISECOND, rounds.begin(at(8), at(30)));
    assertEquals(4 * MILLISECOND, rounds.begin(at(45), at(49)));
  }

  private static long at(long millis) {
    return START + millis * MILLISECOND;
  }
}
