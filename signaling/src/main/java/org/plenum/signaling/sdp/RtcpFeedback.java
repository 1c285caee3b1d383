package org.plenum.signaling.sdp;

/// A kind of RTCP feedback for a payload type: `a=rtcp-fb` (RFC 4585 §4.2).
///
/// @param payloadType or [#ANY]
/// @param value e.g. `nack pli`
public record RtcpFeedback(int payloadType, String value) {
  /// Holds for all payload types of the section (`*`).
  public static final int ANY = -1;

  public static RtcpFeedback parse(Attribute attribute) throws SdpException {
    String value = attribute.requireValue();
    int space = value.indexOf(' ');
    if (space > 0) {
      String kind = value.substring(space + 1).trim();
      if (value.startsWith("* ")) {
        return new RtcpFeedback(ANY, kind);
      }
      int payloadType = (int) Tokens.number(value.substring(0, space), 127);
      if (payloadType >= 0) {
        return new RtcpFeedback(payloadType, kind);
      }
    }
    throw attribute.error("must be <payload type> <kind>, not " + Tokens.shown(value));
  }

  public boolean concerns(int otherPayloadType) {
    return payloadType == ANY || payloadType == otherPayloadType;
  }

  public Attribute toAttribute() {
    return Attribute.of("rtcp-fb", (payloadType == ANY ? "*" : payloadType) + " " + value);
  }
}
