package org.plenum.sfu.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// When repair packets are worth their price.
class FecPolicyTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long VIDEO = 1_500_000;
  private static final long AMPLE = 3_000_000;

  private final FecPolicy policy = new FecPolicy();
  private long now = Long.MAX_VALUE - 20 * SECOND;

  private void pass(int seconds, double loss, long roundTripMillis, long spareBps) {
    for (int i = 0; i < seconds; i++) {
      now += SECOND;
      int before = policy.groupSize();
      boolean changed = policy.onReport(loss, roundTripMillis * MILLI, spareBps, VIDEO, now);
      assertEquals(before != policy.groupSize(), changed);
    }
  }

  @Test
  void onOnlyWithLossAndALongRoundTrip() {
    pass(20, 0, 300, AMPLE);
    assertEquals(0, policy.groupSize(), "no loss");
    pass(20, 0.05, 40, AMPLE);
    assertEquals(0, policy.groupSize(), "a short round trip");
    pass(20, 0.05, 0, AMPLE);
    assertEquals(0, policy.groupSize(), "an unknown round trip");
    pass(5, 0.05, 200, AMPLE);
    assertTrue(policy.groupSize() >= 6 && policy.groupSize() <= 15, "" + policy.groupSize());
    assertEquals(1.0 / policy.groupSize(), policy.overhead());
  }

  @Test
  void moreLossTakesSmallerGroups() {
    pass(20, 0.02, 200, AMPLE);
    int few = policy.groupSize();
    pass(20, 0.1, 200, AMPLE);
    assertTrue(policy.groupSize() < few && policy.groupSize() >= 3);
  }

  @Test
  void offAtOnceWhereThereIsNoRoom() {
    pass(10, 0.05, 200, AMPLE);
    assertTrue(policy.groupSize() > 0);
    pass(1, 0.05, 200, 10_000);
    assertEquals(0, policy.groupSize());
    assertEquals(0, policy.overhead());
    pass(1, 0.05, 200, -1);
    assertEquals(0, policy.groupSize());
  }

  @Test
  void whereMuchIsLostItIsCongestion() {
    pass(30, 0.4, 200, AMPLE);
    assertEquals(0, policy.groupSize());
  }

  @Test
  void offAWhileAfterTheLossIsOver() {
    pass(10, 0.05, 200, AMPLE);
    pass(8, 0, 200, AMPLE);
    assertTrue(policy.groupSize() > 0);
    pass(30, 0, 200, AMPLE);
    assertEquals(0, policy.groupSize());
  }

  @Test
  void aRoundTripAroundTheThresholdDoesNotFlap() {
    var random = new Random(3);
    int changes = 0;
    for (int i = 0; i < 300; i++) {
      now += SECOND;
      long roundTrip = (100 + random.nextInt(40)) * MILLI;
      double loss = 0.03 + 0.02 * random.nextDouble();
      changes += policy.onReport(loss, roundTrip, AMPLE, VIDEO, now) ? 1 : 0;
    }
    assertTrue(changes <= 4, changes + " changes");
    assertTrue(policy.groupSize() > 0);
  }

  @Test
  void absurdReportsDoNoHarm() {
    policy.onReport(Double.NaN, Long.MAX_VALUE, Long.MAX_VALUE, 0, now);
    policy.onReport(Double.POSITIVE_INFINITY, Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, now);
    assertEquals(0, policy.groupSize());
  }
}
