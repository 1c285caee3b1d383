package org.plenum.bench.client;

import java.net.InetSocketAddress;
import java.util.Map;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.dtls.DtlsFingerprint;

/// What the answer said.
///
/// @param ice the server's credentials
/// @param fingerprint of the server's certificate
/// @param server where its media port is
/// @param slots by mid
public record Negotiated(
    IceCredentials ice,
    DtlsFingerprint fingerprint,
    InetSocketAddress server,
    Map<String, SlotSsrcs> slots) {
  /// The SSRCs of a slot; `rtxSsrc` 0 without RTX.
  public record SlotSsrcs(boolean video, int ssrc, int rtxSsrc) {}

  public Negotiated {
    slots = Map.copyOf(slots);
  }
}
