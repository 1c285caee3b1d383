package org.plenum.signaling.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributeGrammarTest {
  private static Attribute read(String name, String value) {
    return new Attribute(name, value, 7);
  }

  @Test
  void formatParametersAreKeptInOrderUnderLowerCaseNames() throws SdpException {
    var parameters = FormatParameters.parse(read("fmtp", "111 MinPTime=10; useinbandfec=1;flag;;"));

    assertEquals(111, parameters.payloadType());
    assertEquals(Map.of("minptime", "10", "useinbandfec", "1", "flag", ""), parameters.values());
    assertEquals(
        List.of("minptime", "useinbandfec", "flag"), List.copyOf(parameters.values().keySet()));
  }

  @Test
  void feedbackMayConcernAllPayloadTypes() throws SdpException {
    RtcpFeedback any = RtcpFeedback.parse(read("rtcp-fb", "* nack pli"));
    RtcpFeedback one = RtcpFeedback.parse(read("rtcp-fb", "96 nack pli"));

    assertEquals("nack pli", any.value());
    assertTrue(any.concerns(96) && any.concerns(97));
    assertTrue(one.concerns(96) && !one.concerns(97));
  }

  @Test
  void fingerprintsAreBroughtToOneCase() throws SdpException {
    assertEquals(
        new Fingerprint("sha-256", "AB:0F"),
        Fingerprint.parse(read("fingerprint", "SHA-256 ab:0f")));
  }

  @Test
  void ssrcsAreUnsigned() throws SdpException {
    assertEquals(-1, SsrcAttribute.parse(read("ssrc", "4294967295 cname:x")).ssrc());
    assertEquals(
        new SsrcGroup("FID", List.of(1, -2)),
        SsrcGroup.parse(read("ssrc-group", "FID 1 4294967294")));
  }

  @Test
  void attributesOfAnExtensionAreNotKept() throws SdpException {
    assertEquals(new ExtMap(1, null, "x:y"), ExtMap.parse(read("extmap", "1 x:y vad=on")));
  }

  @ParameterizedTest
  @CsvSource({
    "rtpmap, 111",
    "rtpmap, 111 opus",
    "rtpmap, 111 opus/0",
    "rtpmap, 111 opus/48000/x",
    "rtpmap, 128 opus/48000",
    "rtpmap, ' opus/48000'",
    "fmtp, x a=b",
    "fmtp, 200 a=b",
    "rtcp-fb, nack",
    "rtcp-fb, 128 nack",
    "ssrc, x",
    "ssrc, 99999999999999999999",
    "ssrc-group, FID 1 x",
    "fingerprint, sha-256",
    "fingerprint, sha-256 A",
    "fingerprint, sha-256 AB:",
    "fingerprint, sha-256 ABCD",
    "extmap, 1",
    "extmap, x y",
  })
  void namesTheAttributeAndTheLineThatWereWrong(String name, String value) {
    Attribute attribute = read(name, value);
    var failure =
        assertThrows(
            SdpException.class,
            () -> {
              switch (name) {
                case "rtpmap" -> RtpMap.parse(attribute);
                case "fmtp" -> FormatParameters.parse(attribute);
                case "rtcp-fb" -> RtcpFeedback.parse(attribute);
                case "ssrc" -> SsrcAttribute.parse(attribute);
                case "ssrc-group" -> SsrcGroup.parse(attribute);
                case "fingerprint" -> Fingerprint.parse(attribute);
                default -> ExtMap.parse(attribute);
              }
            });

    assertEquals("a=" + name, failure.field());
    assertEquals(7, failure.line());
  }

  @Test
  void anAttributeThatNeedsAValueMustHaveOne() {
    var failure =
        assertThrows(SdpException.class, () -> Group.parse(new Attribute("group", null, 3)));

    assertEquals("line 3: a=group needs a value", failure.getMessage());
  }

  @Test
  void tooManyFormatParametersAreRefused() {
    String many = "96 x";
    for (int i = 0; i < 40; i++) {
      many += ";p" + i + "=1";
    }
    Attribute attribute = read("fmtp", many);
    assertThrows(SdpException.class, () -> FormatParameters.parse(attribute));
  }
}
