package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.plenum.sfu.Codec;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SsrcAttribute;
import org.plenum.signaling.sdp.SsrcGroup;

/// Collects the SSRCs that an offer announces for its tracks (RFC 5576): each belongs to one
/// section.
final class Ssrcs {
  /// As many as a transport may have.
  private static final int MAX_SSRCS = 64;

  private final Set<Integer> seen = new HashSet<>();

  /// The first stream of a section: its SSRC, then that of its retransmissions; empty if the
  /// section announces none, or several encodings: what tells those apart is in their packets.
  List<Integer> read(Section.Accepted section) throws SdpException {
    List<Integer> announced =
        announced(
            section.offered().attributes(), section.codecs().stream().anyMatch(Codec::hasRtx));
    for (int ssrc : announced) {
      if (!seen.add(ssrc)) {
        throw new InvalidOfferException(
            "a=ssrc",
            "SSRC "
                + Integer.toUnsignedString(ssrc)
                + " of section "
                + section.mid()
                + " is announced twice");
      }
    }
    if (seen.size() > MAX_SSRCS) {
      throw new InvalidOfferException("a=ssrc", "more than " + MAX_SSRCS + " SSRCs announced");
    }
    return section.rids().isEmpty() ? announced : List.of();
  }

  private static List<Integer> announced(Attributes media, boolean rtx) throws SdpException {
    var announced = new ArrayList<Integer>();
    for (Attribute attribute : media.all("ssrc-group")) {
      SsrcGroup group = SsrcGroup.parse(attribute);
      if (announced.isEmpty()
          && group.semantics().equals(SsrcGroup.FID)
          && group.ssrcs().size() == 2) {
        announced.addAll(rtx ? group.ssrcs() : group.ssrcs().subList(0, 1));
      }
    }
    for (Attribute attribute : media.all("ssrc")) {
      int ssrc = SsrcAttribute.parse(attribute).ssrc();
      if (announced.isEmpty()) {
        announced.add(ssrc);
      }
    }
    return announced;
  }
}
