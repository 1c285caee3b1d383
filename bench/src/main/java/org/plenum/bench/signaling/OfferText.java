package org.plenum.bench.signaling;

import java.util.ArrayList;
import java.util.List;
import org.plenum.bench.client.Numbers;
import org.plenum.bench.client.VideoShape;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.rtp.HeaderExtension;

/// Writes the SDP of an offer (RFC 9429 §5.2): one BUNDLE, `actpass`, Opus, one video codec with
/// RTX, and the header extensions that a browser offers too.
public final class OfferText {
  private final StringBuilder sdp = new StringBuilder();
  private final List<String> mids = new ArrayList<>();
  private final StringBuilder sections = new StringBuilder();
  private final IceCredentials ice;
  private final String fingerprint;
  private final VideoShape shape;
  private final boolean transportCc;

  /// @param fingerprint as in a=fingerprint
  /// @param shape the one codec that is offered for video
  /// @param transportCc whether feedback is promised, by which the server estimates how much a
  ///     viewer can be sent; without it nothing is held back
  public OfferText(IceCredentials ice, String fingerprint, VideoShape shape, boolean transportCc) {
    this.ice = ice;
    this.fingerprint = fingerprint;
    this.shape = shape;
    this.transportCc = transportCc;
  }

  /// A section in which the client sends.
  ///
  /// @param rtxSsrc 0 without retransmissions
  public OfferText track(String mid, boolean video, int ssrc, int rtxSsrc) {
    section(mid, video, "sendonly");
    if (rtxSsrc != 0) {
      line("a=ssrc-group:FID " + unsigned(ssrc) + " " + unsigned(rtxSsrc));
    }
    line("a=ssrc:" + unsigned(ssrc) + " cname:load");
    if (rtxSsrc != 0) {
      line("a=ssrc:" + unsigned(rtxSsrc) + " cname:load");
    }
    return this;
  }

  /// A section in which the client receives.
  public OfferText slot(String mid, boolean video) {
    section(mid, video, "recvonly");
    return this;
  }

  public String build() {
    sdp.append("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    sdp.append("a=group:BUNDLE ").append(String.join(" ", mids)).append("\r\n");
    return sdp.append(sections).toString();
  }

  private void section(String mid, boolean video, String direction) {
    mids.add(mid);
    line(
        video
            ? "m=video 9 UDP/TLS/RTP/SAVPF " + shape.payloadType() + " " + shape.rtxPayloadType()
            : "m=audio 9 UDP/TLS/RTP/SAVPF " + Numbers.OPUS);
    line("c=IN IP4 0.0.0.0");
    line("a=ice-ufrag:" + ice.ufrag());
    line("a=ice-pwd:" + ice.password());
    line("a=fingerprint:" + fingerprint);
    line("a=setup:actpass");
    line("a=mid:" + mid);
    if (!video) {
      extension(Numbers.AUDIO_LEVEL, HeaderExtension.AUDIO_LEVEL);
    }
    extension(Numbers.ABS_SEND_TIME, HeaderExtension.ABS_SEND_TIME);
    if (transportCc) {
      extension(Numbers.TRANSPORT_CC, HeaderExtension.TRANSPORT_CC);
    }
    extension(Numbers.MID, HeaderExtension.MID);
    line("a=" + direction);
    line("a=rtcp-mux");
    line("a=rtcp-rsize");
    if (video) {
      codec();
    } else {
      line("a=rtpmap:" + Numbers.OPUS + " opus/48000/2");
      line("a=rtcp-fb:" + Numbers.OPUS + " transport-cc");
      line("a=fmtp:" + Numbers.OPUS + " minptime=10;useinbandfec=1");
    }
  }

  private void codec() {
    int payloadType = shape.payloadType();
    line("a=rtpmap:" + payloadType + " " + shape.encodingName() + "/90000");
    for (String feedback : List.of("transport-cc", "ccm fir", "nack", "nack pli")) {
      line("a=rtcp-fb:" + payloadType + " " + feedback);
    }
    if (shape.formatParameters() != null) {
      line("a=fmtp:" + payloadType + " " + shape.formatParameters());
    }
    line("a=rtpmap:" + shape.rtxPayloadType() + " rtx/90000");
    line("a=fmtp:" + shape.rtxPayloadType() + " apt=" + payloadType);
  }

  private void extension(int id, HeaderExtension extension) {
    line("a=extmap:" + id + " " + extension.uri());
  }

  private void line(String text) {
    sections.append(text).append("\r\n");
  }

  private static String unsigned(int ssrc) {
    return Integer.toUnsignedString(ssrc);
  }
}
