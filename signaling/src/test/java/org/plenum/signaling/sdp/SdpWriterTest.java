package org.plenum.signaling.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SdpWriterTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "chromium-four-seats",
        "chromium-simulcast-data",
        "firefox-four-seats",
        "firefox-simulcast-data"
      })
  void writesBackWhatBrowsersWrote(String name) throws Exception {
    String offer;
    try (InputStream in = SdpWriterTest.class.getResourceAsStream(name + ".sdp")) {
      offer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String anywhere = offer.replaceAll("c=IN IP4 [0-9.]*", "c=IN IP4 0.0.0.0");

    assertEquals(anywhere, SdpWriter.write(SdpParser.parse(offer)));
  }

  @Test
  void writesAttributesInTheirGrammar() {
    assertEquals("group:BUNDLE a b", text(new Group("BUNDLE", List.of("a", "b")).toAttribute()));
    assertEquals("rtpmap:111 opus/48000/2", text(new RtpMap(111, "opus", 48_000, 2).toAttribute()));
    assertEquals("rtcp-fb:* nack", text(new RtcpFeedback(-1, "nack").toAttribute()));
    assertEquals(
        "extmap:6/recvonly x:y", text(new ExtMap(6, Direction.RECVONLY, "x:y").toAttribute()));
    assertEquals("ssrc:4294967295 cname:c", text(new SsrcAttribute(-1, "cname:c").toAttribute()));
    assertEquals(
        "ssrc-group:FID 1 4294967295", text(new SsrcGroup("FID", List.of(1, -1)).toAttribute()));
  }

  private static String text(Attribute attribute) {
    return attribute.name() + ":" + attribute.value();
  }
}
