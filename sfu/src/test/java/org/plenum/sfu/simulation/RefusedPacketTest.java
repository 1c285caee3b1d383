package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.SfuCounter;

/// What the port did not take never left: feedback that calls it received or lost means nothing.
class RefusedPacketTest {
  @Test
  void packetsThatThePortRefusesAreNoLoss() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.acceptsGaps();
      viewer.down.rate(10_000_000);
      viewer.enter(1);
      call.runUntil(5);
      long targetBps = viewer.transport().sender().targetBps();
      long[] seen = {0};
      // One in five: on a path, the estimate would not survive that.
      call.port.refuse(datagram -> !SimulatedPeer.isRtcp(datagram) && seen[0]++ % 5 == 0);
      call.runUntil(10);
      long refusedTargetBps = viewer.transport().sender().targetBps();
      assertTrue(call.counters.value(EgressVerdict.SEND_FAILED) > 100);
      assertTrue(call.counters.value(SfuCounter.FEEDBACK_UNMATCHED) > 100);
      assertTrue(refusedTargetBps >= targetBps * 9 / 10, refusedTargetBps + " bit/s");
      assertEquals(0, viewer.corrupt());
    }
  }
}
