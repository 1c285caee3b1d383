package org.plenum.signaling;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Offers and fragments as clients of WHIP and WHEP send them.
public final class WhipTexts {
  static final String UFRAG = "EsAw";
  static final String PASSWORD = "P2uYro0UCOQ4zxjKXaWCBui1";
  static final String NEXT_UFRAG = "ysXw";
  static final String NEXT_PASSWORD = "vw5LmwG4y/e6dPP/zAP9Gp5k";
  static final String CANDIDATE =
      "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 network-id 1";

  private WhipTexts() {}

  /// One section of each kind, in order, with the mids 0, 1, …
  public static String offer(String direction, String... kinds) {
    String mids =
        IntStream.range(0, kinds.length).mapToObj(i -> " " + i).collect(Collectors.joining());
    StringBuilder offer = new StringBuilder();
    offer.append(
        """
        v=0
        o=- 5228595038118931041 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE%s
        a=ice-options:trickle ice2
        """
            .formatted(mids));
    for (int i = 0; i < kinds.length; i++) {
      offer.append(section(direction, kinds[i], i));
    }
    return offer.toString().replace("\n", "\r\n");
  }

  public static String publishing() {
    return offer("sendonly", "audio", "video");
  }

  public static String viewing() {
    return offer("recvonly", "audio", "video");
  }

  /// A fragment of the ICE session that an offer here begins.
  static String fragment(String... lines) {
    return fragmentOf(UFRAG, PASSWORD, lines);
  }

  static String restart() {
    return fragmentOf(NEXT_UFRAG, NEXT_PASSWORD, CANDIDATE);
  }

  static String fragmentOf(String ufrag, String password, String... lines) {
    String head = "a=group:BUNDLE 0 1\nm=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:0\n";
    String ice = "a=ice-ufrag:" + ufrag + "\na=ice-pwd:" + password + "\n";
    String more = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
    return (head + ice + more).replace("\n", "\r\n");
  }

  private static String section(String direction, String kind, int mid) {
    String codecs =
        switch (kind) {
          case "audio" -> "a=rtpmap:111 opus/48000/2\n";
          case "video" -> "a=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\n";
          case "video or two" -> "a=rtpmap:96 VP8/90000\na=rtpmap:98 VP9/90000\n";
          case "exotic" -> "a=rtpmap:96 THEORA/90000\n";
          default -> "a=sctp-port:5000\n";
        };
    String media =
        switch (kind) {
          case "application" -> "application 9 UDP/DTLS/SCTP webrtc-datachannel";
          case "video or two" -> "video 9 UDP/TLS/RTP/SAVPF 96 98";
          case "exotic" -> "video 9 UDP/TLS/RTP/SAVPF 96";
          case "audio" -> "audio 9 UDP/TLS/RTP/SAVPF 111";
          default -> kind + " 9 UDP/TLS/RTP/SAVPF 96";
        };
    return """
        m=%s
        c=IN IP4 0.0.0.0
        a=ice-ufrag:%s
        a=ice-pwd:%s
        a=fingerprint:sha-256 %s
        a=setup:actpass
        a=mid:%d
        a=%s
        a=rtcp-mux
        %s"""
        .formatted(media, UFRAG, PASSWORD, "DA" + ":7B".repeat(31), mid, direction, codecs);
  }
}
