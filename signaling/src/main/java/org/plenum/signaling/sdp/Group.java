package org.plenum.signaling.sdp;

import java.util.List;

/// Media sections that belong together: `a=group` (RFC 5888 §5).
///
/// @param semantics e.g. BUNDLE: they share one transport (RFC 8843)
public record Group(String semantics, List<String> mids) {
  public static final String BUNDLE = "BUNDLE";

  public Group {
    mids = List.copyOf(mids);
  }

  public static Group parse(Attribute attribute) throws SdpException {
    String[] fields = attribute.requireValue().trim().split(" +");
    return new Group(fields[0], List.of(fields).subList(1, fields.length));
  }

  public Attribute toAttribute() {
    String list = mids.isEmpty() ? "" : " " + String.join(" ", mids);
    return Attribute.of("group", semantics + list);
  }
}
