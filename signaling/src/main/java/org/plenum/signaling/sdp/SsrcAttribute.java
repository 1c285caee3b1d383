package org.plenum.signaling.sdp;

/// A source and something about it: `a=ssrc` (RFC 5576 §4.1).
///
/// @param ssrc 32 bits, to be taken as unsigned
/// @param attribute e.g. `cname:…`
public record SsrcAttribute(int ssrc, String attribute) {
  public static SsrcAttribute parse(Attribute attribute) throws SdpException {
    String[] fields = attribute.requireValue().split(" ", 2);
    return new SsrcAttribute(ssrc(fields[0], attribute), fields.length < 2 ? "" : fields[1]);
  }

  static int ssrc(String text, Attribute attribute) throws SdpException {
    long ssrc = Tokens.number(text, 0xFFFF_FFFFL);
    if (ssrc < 0) {
      throw attribute.error("must name SSRCs of 32 bits, not " + Tokens.shown(text));
    }
    return (int) ssrc;
  }

  public Attribute toAttribute() {
    return Attribute.of("ssrc", Integer.toUnsignedString(ssrc) + " " + attribute);
  }
}
