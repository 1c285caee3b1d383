package org.plenum.sfu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.dtls.DtlsCertificate;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.srtp.SrtpFactory;

class WarmUpTest {
  @Test
  void takesEveryPacketThroughTheWholePath() {
    try (var dtls = new DtlsServer(DtlsCertificate.generate())) {
      var warmUp = new WarmUp(dtls, SrtpFactory.selfTested(), 400);
      warmUp.run();
      // Both profiles: 400 packets in, each to four viewers.
      assertEquals(800, warmUp.counted(IngressVerdict.RTP_ACCEPTED));
      assertEquals(3200, warmUp.counted(EgressVerdict.FORWARDED));
      assertEquals(0, dtls.counters().started(), "the warm-up is nobody's handshake");
    }
  }

  @Test
  void stopsEarlyWhenInterrupted() throws InterruptedException {
    try (var dtls = new DtlsServer(DtlsCertificate.generate())) {
      var warmUp = new WarmUp(dtls, SrtpFactory.selfTested(), Integer.MAX_VALUE);
      Thread thread = Thread.ofPlatform().start(warmUp);
      thread.interrupt();
      thread.join(30_000);
      assertTrue(!thread.isAlive());
    }
  }
}
