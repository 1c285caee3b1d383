package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.TransportState;

/// GStreamer of Debian 12, and whatever else is made with an older libnice, checks for no consent
/// (RFC 7675): media is the sign that it lives.
class NoConsentTest {
  @Test
  void callOfPeersThatCheckNoConsentGoesOn() {
    try (var call = new SimulatedCall(0)) {
      SimulatedPublisher publisher = call.publisher("p");
      publisher.checksNoConsent();
      publisher.enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.checksNoConsent();
      viewer.enter(1);
      call.runUntil(45);
      assertEquals(TransportState.CONNECTED, publisher.transport().state());
      assertEquals(TransportState.CONNECTED, viewer.transport().state());
      double rate = viewer.picture().framesPerSecond(40, 45);
      assertTrue(rate >= 15, rate + " frames a second");

      publisher.leave();
      call.runUntil(57);
      assertEquals(TransportState.LOST, publisher.transport().state());
      call.runUntil(77);
      assertEquals(TransportState.CLOSED, publisher.transport().state());
      assertEquals(TransportState.CONNECTED, viewer.transport().state());
    }
  }
}
