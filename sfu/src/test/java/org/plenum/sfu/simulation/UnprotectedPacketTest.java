package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.transport.FailingProtection;

/// A packet whose protection fails takes no transport-wide number: the viewer's feedback would call
/// it lost, and the estimate would fall for want of nothing.
class UnprotectedPacketTest {
  @Test
  void packetsThatCannotBeProtectedTakeNoTransportWideNumber() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v"); // which fails where a number is missing
      viewer.down.rate(10_000_000);
      viewer.enter(1);
      call.runUntil(5);
      long targetBps = viewer.transport().sender().targetBps();
      FailingProtection.begin(viewer.transport(), viewer.video(0).ssrc, 5);
      FailingProtection.begin(viewer.transport(), viewer.sound(0).ssrc, 5);
      long again = viewer.againPackets();
      viewer.down.loss(0.02);
      call.runUntil(10);
      assertTrue(call.counters.value(EgressVerdict.SEND_FAILED) > 100);
      assertTrue(viewer.againPackets() > again, "something was sent again");
      assertEquals(0, call.counters.value(SfuCounter.FEEDBACK_UNMATCHED));
      assertTrue(viewer.transport().sender().targetBps() >= targetBps * 9 / 10);
      assertEquals(0, viewer.corrupt());
    }
  }
}
