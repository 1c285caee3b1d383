package org.plenum.bench.client;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.dtls.DtlsFingerprint;

/// What the answer said.
///
/// @param ice the server's credentials
/// @param fingerprint of the server's certificate
/// @param accepts whether the server is the DTLS client, for a handshake that is accepted here
/// @param lite whether the server is a lite agent of ICE
/// @param candidates where the server can be reached by UDP over IPv4, best first; at least one
/// @param slots by mid
public record Negotiated(
    IceCredentials ice,
    DtlsFingerprint fingerprint,
    boolean accepts,
    boolean lite,
    List<InetSocketAddress> candidates,
    Map<String, SlotSsrcs> slots) {
  /// The best candidate.
  public InetSocketAddress server() {
    return candidates.getFirst();
  }

  /// The SSRCs of a slot; `rtxSsrc` 0 without RTX.
  public record SlotSsrcs(boolean video, int ssrc, int rtxSsrc) {}

  public Negotiated {
    candidates = List.copyOf(candidates);
    slots = Map.copyOf(slots);
  }
}
