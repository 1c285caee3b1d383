package org.plenum.signaling.jsep;

import java.net.Inet6Address;
import org.plenum.ice.AddressText;
import org.plenum.ice.candidate.Candidate;
import org.plenum.signaling.sdp.Attribute;

/// Writes `a=candidate` (RFC 8839 §5.1, RFC 6544 §4.5).
final class CandidateLine {
  private CandidateLine() {}

  static Attribute of(Candidate candidate) {
    String transport =
        switch (candidate.transport()) {
          case UDP -> "udp";
          case TCP_PASSIVE -> "tcp";
        };
    // The related address would tell of our network and serves diagnostics only: RFC 8839 §5.1
    // lets it be the unspecified address with port 9.
    String type =
        switch (candidate.type()) {
          case HOST -> "host";
          case SERVER_REFLEXIVE -> "srflx raddr " + unspecified(candidate) + " rport 9";
        };
    String tcpType =
        switch (candidate.transport()) {
          case UDP -> "";
          case TCP_PASSIVE -> " tcptype passive";
        };
    String value =
        candidate.foundation()
            + " 1 "
            + transport
            + " "
            + candidate.priority()
            + " "
            + AddressText.of(candidate.address())
            + " "
            + candidate.port()
            + " typ "
            + type
            + tcpType;
    return Attribute.of("candidate", value);
  }

  private static String unspecified(Candidate candidate) {
    return candidate.address() instanceof Inet6Address ? "::" : "0.0.0.0";
  }
}
