package org.plenum.signaling.jsep;

import java.net.Inet6Address;
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
            + address(candidate)
            + " "
            + candidate.port()
            + " typ "
            + type
            + tcpType;
    return Attribute.of("candidate", value);
  }

  /// Without the zone that names one of our interfaces.
  private static String address(Candidate candidate) {
    String address = candidate.address().getHostAddress();
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }

  private static String unspecified(Candidate candidate) {
    return candidate.address() instanceof Inet6Address ? "::" : "0.0.0.0";
  }
}
