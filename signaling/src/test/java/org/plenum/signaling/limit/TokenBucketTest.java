package org.plenum.signaling.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  /// Near the wrap-around of the clock.
  private long now = Long.MAX_VALUE - SECOND;

  @Test
  void letsABurstThroughAndThenSoManyASecond() {
    var bucket = new TokenBucket(10, now);
    assertEquals(50, taken(bucket, 100));
    now += SECOND;
    assertEquals(10, taken(bucket, 100));
    now += SECOND / 10 - 1;
    assertEquals(0, taken(bucket, 100));
    now += 1;
    assertEquals(1, taken(bucket, 100));
    now += 3600 * SECOND;
    assertEquals(50, taken(bucket, 100));
  }

  @Test
  void whatIsLargerThanTheBurstPassesOnceAndIsMadeUpFor() {
    var bucket = new TokenBucket(10, now);
    assertTrue(bucket.tryTake(100L, now)); // fifty were there
    assertFalse(bucket.tryTake(1L, now));
    now += 5 * SECOND;
    assertFalse(bucket.tryTake(1L, now));
    now += SECOND;
    assertTrue(bucket.tryTake(1L, now));
    now += 3600 * SECOND;
    assertEquals(50, taken(bucket, 100));
  }

  @Test
  void addressesAreCountedApart() {
    var limits = new AddressLimits(2, 1);
    assertTrue(limits.tryOpen("a") && limits.tryOpen("a") && limits.tryOpen("b"));
    assertFalse(limits.tryOpen("a"));
    limits.closed("a");
    assertTrue(limits.tryOpen("a"));
    limits.closed("never opened");
    for (int i = 0; i < 5; i++) {
      assertTrue(limits.tryJoin("a", now));
    }
    assertFalse(limits.tryJoin("a", now));
    assertTrue(limits.tryJoin("b", now));
    for (int i = 0; i < 1000; i++) {
      assertTrue(limits.tryOpen(AddressLimits.EXEMPT));
      assertTrue(limits.tryJoin(AddressLimits.EXEMPT, now));
    }
  }

  @Test
  void addressesAreForgottenWhenTheyRest() {
    var limits = new AddressLimits(1, 1);
    for (int i = 0; i < AddressLimits.MOST_ADDRESSES; i++) {
      assertTrue(limits.tryJoin("a" + i, now));
    }
    assertFalse(limits.tryJoin("new", now), "none rests");
    now += 2 * SECOND;
    assertTrue(limits.tryJoin("new", now));
  }

  private int taken(TokenBucket bucket, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += bucket.tryTake(now) ? 1 : 0;
    }
    return taken;
  }
}
