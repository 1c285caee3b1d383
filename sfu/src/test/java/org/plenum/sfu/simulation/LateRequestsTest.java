package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.SfuCounter;

/// What a viewer asks for so late that it can be of no use is not sent again.
class LateRequestsTest {
  private static long sentAgain(int upMillis) {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(10_000_000).loss(0.05);
      viewer.up.delay(upMillis);
      viewer.enter(1);
      call.runUntil(20);
      assertTrue(call.counters.value(SfuCounter.NACKS_RECEIVED) > 50);
      return call.counters.value(SfuCounter.RETRANSMISSIONS_SENT);
    }
  }

  @Test
  void whatIsAskedForAfterASecondIsNotSentAgain() {
    assertTrue(sentAgain(300) > 50);
    assertEquals(0, sentAgain(1_200));
  }
}
