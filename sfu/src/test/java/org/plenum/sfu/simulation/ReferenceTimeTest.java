package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// A viewer who sends nothing learns the round trip (RFC 3611 §4.4 and §4.5).
class ReferenceTimeTest {
  @Test
  void whoSendsItsClockLearnsTheRoundTrip() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.delay(30);
      viewer.up.delay(50);
      viewer.enter(1);
      call.runUntil(2);
      assertEquals(-1, viewer.toldRoundTripSeconds());
      viewer.sendReferenceTime();
      call.runUntil(3);
      assertEquals(0.080, viewer.toldRoundTripSeconds(), 0.003);
    }
  }

  /// Only the latest is answered.
  @Test
  void manyClocksGetOneAnswer() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v").enter(1);
      call.runUntil(2);
      for (int i = 0; i < 50; i++) {
        viewer.sendReferenceTime();
      }
      call.runUntil(3);
      assertEquals(1, viewer.answers());
    }
  }
}
