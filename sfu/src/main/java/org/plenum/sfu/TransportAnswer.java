package org.plenum.sfu;

import java.util.List;
import java.util.Map;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.dtls.DtlsFingerprint;

/// The SFU's side of a transport: what the answer must say.
///
/// @param cname one for all slots (RFC 3550 §6.5.1)
/// @param slots by mid, the SSRCs that each slot keeps for life
/// @param tracks by mid, which of the offered codecs the room takes for each track; what is to be
/// sent first
public record TransportAnswer(
    IceCredentials ice,
    DtlsFingerprint fingerprint,
    List<Candidate> candidates,
    String cname,
    Map<Mid, SlotSsrcs> slots,
    Map<Mid, List<Codec>> tracks) {
  public TransportAnswer {
    candidates = List.copyOf(candidates);
    slots = Map.copyOf(slots);
    tracks = Map.copyOf(tracks);
  }

  /// The SSRCs of one slot, 32 bits each, to be taken as unsigned.
  ///
  /// @param rtxSsrc 0 where RTX was not negotiated
  /// @param fecSsrc 0 where repair packets were not negotiated
  public record SlotSsrcs(int ssrc, int rtxSsrc, int fecSsrc) {
    /// Without repair packets.
    public SlotSsrcs(int ssrc, int rtxSsrc) {
      this(ssrc, rtxSsrc, 0);
    }
  }
}
