package org.plenum.signaling.jsep;

import java.util.Set;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.dtls.DtlsFingerprint;

/// The client's end of the one transport.
///
/// @param fingerprints of its certificate, at least one
record ClientTransport(IceCredentials ice, Set<DtlsFingerprint> fingerprints) {
  ClientTransport {
    fingerprints = Set.copyOf(fingerprints);
  }
}
