package org.plenum.ice.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;

class StunRateLimitTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Long.MAX_VALUE - SECOND; // wraps around on the way

  private final StunRateLimit limit = new StunRateLimit(7, START);
  private long now = START;

  private boolean ask(int address) {
    return limit.tryAcquire(0, NetworkPath.ipv4Mapped(address), now);
  }

  private int askOften(int address, int times) {
    int answered = 0;
    for (int i = 0; i < times; i++) {
      answered += ask(address) ? 1 : 0;
    }
    return answered;
  }

  @Test
  void aBurstThenASteadyRate() {
    assertEquals(StunRateLimit.BURST, askOften(0x0A000001, 500));
    for (int second = 0; second < 20; second++) {
      now += SECOND;
      assertEquals(StunRateLimit.PER_SECOND, askOften(0x0A000001, 500), "second " + second);
    }
    now += 3_600 * SECOND;
    assertEquals(StunRateLimit.BURST, askOften(0x0A000001, 500), "never more than a burst");
  }

  @Test
  void whoeverForgesManyPrefixesMeetsTheLimitForAll() {
    int answered = 0;
    for (int i = 0; i < 100_000; i++) {
      answered += ask(i << 8) ? 1 : 0;
    }
    assertEquals(StunRateLimit.TOTAL_BURST, answered);
    now += SECOND;
    for (int i = 0; i < 100_000; i++) {
      answered += ask(i << 8) ? 1 : 0;
    }
    assertEquals(StunRateLimit.TOTAL_BURST + StunRateLimit.TOTAL_PER_SECOND, answered);
  }

  @Test
  void anEmptyBucketOutlivesFullOnesWhenPlacesRunOut() {
    int abuser = 0x0A000001;
    askOften(abuser, StunRateLimit.BURST);
    var random = new Random(3);
    for (int i = 0; i < StunRateLimit.TOTAL_BURST / 2; i++) {
      ask(random.nextInt() | 1 << 30); // one request each: nearly full buckets
    }
    assertFalse(ask(abuser));
    now += SECOND;
    assertTrue(ask(abuser));
  }
}
