package org.plenum.signaling.sdp;

/// What a payload type stands for: `a=rtpmap` (RFC 8866 §6.6).
///
/// @param encodingName compare ignoring case
/// @param channels 1 where none are given
public record RtpMap(int payloadType, String encodingName, int clockRate, int channels) {
  public static RtpMap parse(Attribute attribute) throws SdpException {
    String value = attribute.requireValue();
    int space = value.indexOf(' ');
    String[] encoding = value.substring(space + 1).trim().split("/", -1);
    int payloadType = space < 0 ? -1 : (int) Tokens.number(value.substring(0, space), 127);
    int clockRate = encoding.length < 2 ? -1 : (int) Tokens.number(encoding[1], Integer.MAX_VALUE);
    int channels = encoding.length < 3 ? 1 : (int) Tokens.number(encoding[2], 255);
    if (payloadType < 0 || clockRate < 1 || channels < 1 || !Tokens.isToken(encoding[0])) {
      throw attribute.error(
          "must be <payload type> <encoding>/<clock rate>[/<channels>], not "
              + Tokens.shown(value));
    }
    return new RtpMap(payloadType, encoding[0], clockRate, channels);
  }

  public Attribute toAttribute() {
    String encoding = encodingName + "/" + clockRate + (channels > 1 ? "/" + channels : "");
    return Attribute.of("rtpmap", payloadType + " " + encoding);
  }
}
