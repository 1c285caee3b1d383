package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// A viewer whose NACKs get lost: what its feedback says is lost is sent again unasked.
class LostAgainTest {
  @Test
  void whatFeedbackSaysIsLostIsSentAgainWithoutANack() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v").asksForNothing();
      viewer.down.rate(10_000_000).loss(0.05);
      viewer.enter(1);
      call.runUntil(3);
      var start = Measure.of(viewer);
      call.runUntil(23);
      var end = Measure.of(viewer);
      Measure.print("5 % loss, no NACK", "20 s", start, end, viewer);
      assertEquals(0, viewer.corrupt(), "frames with a wrong reference");
      assertEquals(0, viewer.neverSent(), "sent again but never sent");
      assertTrue(viewer.picture().framesPerSecond(3, 23) >= 17, "frames a second");
      assertTrue(end.againSince(start) <= 0.15, "sent again too much");
    }
  }
}
