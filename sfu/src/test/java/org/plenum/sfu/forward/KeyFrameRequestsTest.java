package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KeyFrameRequestsTest {
  private static final long MILLI = 1_000_000;

  private final KeyFrameRequests requests = new KeyFrameRequests();
  private final long start = Long.MAX_VALUE - 500 * MILLI;

  private int requestsBetween(int fromMillis, int untilMillis) {
    int count = 0;
    for (int millis = fromMillis; millis < untilMillis; millis++) {
      count += requests.takeDue(start + millis * MILLI) ? 1 : 0;
    }
    return count;
  }

  @Test
  void asksOnceForManyWishesAndAgainEveryThreeHundredMilliseconds() {
    assertEquals(0, requestsBetween(0, 100));
    requests.want();
    requests.want();
    assertEquals(1, requestsBetween(100, 400));
    requests.want();
    assertEquals(1, requestsBetween(400, 700));
  }

  @Test
  void stopsWhenTheKeyFrameArrives() {
    requests.want();
    assertEquals(1, requestsBetween(0, 10));
    requests.arrived();
    assertFalse(requests.isWanted());
    assertEquals(0, requestsBetween(10, 2_000));
  }

  @Test
  void newWishSoonAfterAnAnswerWaitsForThePause() {
    requests.want();
    assertTrue(requests.takeDue(start));
    requests.arrived();
    requests.want();
    assertEquals(0, requestsBetween(1, 300));
    assertEquals(1, requestsBetween(300, 301));
  }

  @Test
  void asksLessOftenWhenNobodyAnswers() {
    requests.want();
    assertEquals(10, requestsBetween(0, 3_000));
    assertEquals(10, requestsBetween(3_000, 13_000));
  }
}
