package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.plenum.ice.candidate.Candidate;

/// RFC 8839 §5.1 and, for TCP, RFC 6544 §4.5.
class CandidateLineTest {
  private static String line(Candidate candidate) {
    return CandidateLine.of(candidate).value();
  }

  @Test
  void writesHostAndServerReflexiveCandidates() {
    assertEquals(
        "1 1 udp 2130706431 2001:db8::1 10000 typ host",
        line(Offers.candidate("2001:db8::1", Candidate.Type.HOST)));
    assertEquals(
        "1 1 udp 2130706431 192.0.2.1 10000 typ srflx raddr 0.0.0.0 rport 9",
        line(Offers.candidate("192.0.2.1", Candidate.Type.SERVER_REFLEXIVE)));
    assertEquals(
        "1 1 udp 2130706431 2001:db8::1 10000 typ srflx raddr :: rport 9",
        line(Offers.candidate("2001:db8::1", Candidate.Type.SERVER_REFLEXIVE)));
  }

  @Test
  void writesPassiveTcpCandidates() throws Exception {
    var candidate =
        new Candidate(
            "t",
            Candidate.Transport.TCP_PASSIVE,
            1_000,
            InetAddress.getByName("192.0.2.1"),
            443,
            Candidate.Type.HOST);

    assertEquals("t 1 tcp 1000 192.0.2.1 443 typ host tcptype passive", line(candidate));
  }
}
