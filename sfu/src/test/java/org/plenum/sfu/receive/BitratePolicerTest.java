package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BitratePolicerTest {
  private static final long MILLI = 1_000_000;
  private static final int DATAGRAM = 1_250; // 10 kbit

  private final BitratePolicer policer = new BitratePolicer(8_000_000);
  private long now = Long.MAX_VALUE - 1_500 * MILLI;

  /// @return how many of the datagrams sent in each ms were let through
  private int send(int millis, int eachMillisecond) {
    int taken = 0;
    for (int i = 0; i < millis; i++) {
      for (int j = 0; j < eachMillisecond; j++) {
        taken += policer.take(DATAGRAM, now) ? 1 : 0;
      }
      now += MILLI;
    }
    return taken;
  }

  @Test
  void whatIsWithinTheBitratePasses() {
    for (int i = 0; i < 800 * 10; i++) { // 8 Mb/s in frames of 30 ms
      if (i % 24 == 0) {
        now += 30 * MILLI;
      }
      assertTrue(policer.take(DATAGRAM, now));
    }
  }

  @Test
  void oneOfHalfAGigabitIsHeldToTheBitrate() {
    int taken = send(10_000, 50);
    assertEquals(8_000 + 800, taken, 10);
  }

  @Test
  void aKeyFrameAfterAPauseIsABurst() {
    assertEquals(800, send(1, 10_000), 2);
    now += 2_000 * MILLI;
    assertEquals(800, send(1, 10_000), 2);
  }

  @Test
  void thePublisherIsToldOnceInAWhile() {
    assertTrue(policer.takeTold(now));
    now += 9_999 * MILLI;
    assertFalse(policer.takeTold(now));
    now += MILLI;
    assertTrue(policer.takeTold(now));
  }
}
