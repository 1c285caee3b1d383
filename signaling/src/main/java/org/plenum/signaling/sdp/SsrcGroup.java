package org.plenum.signaling.sdp;

import java.util.ArrayList;
import java.util.List;

/// Sources that belong together: `a=ssrc-group` (RFC 5576 §4.2).
///
/// @param semantics e.g. FID: a source and its retransmissions
/// @param ssrcs 32 bits each, to be taken as unsigned
public record SsrcGroup(String semantics, List<Integer> ssrcs) {
  public static final String FID = "FID";

  /// A source and its repair packets (RFC 5956 §4.3).
  public static final String FEC_FR = "FEC-FR";

  public SsrcGroup {
    ssrcs = List.copyOf(ssrcs);
  }

  public static SsrcGroup parse(Attribute attribute) throws SdpException {
    String[] fields = attribute.requireValue().trim().split(" +");
    var ssrcs = new ArrayList<Integer>();
    for (int i = 1; i < fields.length; i++) {
      ssrcs.add(SsrcAttribute.ssrc(fields[i], attribute));
    }
    return new SsrcGroup(fields[0], ssrcs);
  }

  public Attribute toAttribute() {
    var value = new StringBuilder(semantics);
    for (int ssrc : ssrcs) {
      value.append(' ').append(Integer.toUnsignedString(ssrc));
    }
    return Attribute.of("ssrc-group", value.toString());
  }
}
