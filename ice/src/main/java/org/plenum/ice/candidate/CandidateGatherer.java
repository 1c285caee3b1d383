package org.plenum.ice.candidate;

import java.util.List;

/// Makes the candidates that an ICE-lite server offers: the host's usable addresses (no loopback
/// unless it is the only
/// one or asked for, no link-local, no docker or veth interfaces), or the configured advertised
/// addresses.
/// Reads the interfaces once, at construction.
public final class CandidateGatherer {
  /// @param advertised literal addresses to offer instead of the interfaces' own; empty: the
  /// interfaces' own
  /// @param includeLoopback also offer 127.0.0.1 (and ::1 when IPv6 is on): for development and
  /// tests on one machine
  public CandidateGatherer(List<String> advertised, boolean includeLoopback) {
    throw new UnsupportedOperationException();
  }

  /// The candidates for a worker's UDP port, best first.
  public List<Candidate> udp(int port) {
    throw new UnsupportedOperationException();
  }
}
