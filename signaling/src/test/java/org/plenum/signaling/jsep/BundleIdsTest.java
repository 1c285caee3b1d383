package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.signaling.WhipTexts;
import org.plenum.signaling.sdp.SdpException;

/// Ids of header extensions and payload types within one BUNDLE group (RFC 9143 §9 and §12).
class BundleIdsTest {
  private static final String MID = HeaderExtension.MID.uri();
  private static final String LEVEL = HeaderExtension.AUDIO_LEVEL.uri();
  private static final String SEND_TIME = HeaderExtension.ABS_SEND_TIME.uri();
  private static final String ROTATION = HeaderExtension.VIDEO_ORIENTATION.uri();

  @Test
  void anExtensionMayHaveAnotherIdInEachSection() throws Exception {
    Negotiation negotiation = publish("1 " + MID, "2 " + MID);

    assertEquals(List.of(List.of("1 " + MID), List.of("2 " + MID)), answered(negotiation));
    HeaderExtensionMap received = negotiation.offer().extensions();
    assertEquals(HeaderExtension.MID, received.extension(1));
    assertEquals(HeaderExtension.MID, received.extension(2));
  }

  @Test
  void aSlotIsSentTheIdsOfItsOwnSection() {
    String offer = offer("recvonly", "1 " + MID + "|3 " + LEVEL, "2 " + MID);
    OneWayOffer viewing = OneWayOffer.viewing(offer);
    var slots =
        new Negotiator(1).negotiate(viewing.sdp(), List.of(), viewing.seats()).offer().slots();

    assertEquals(1, slots.get(0).extensions().id(HeaderExtension.MID));
    assertEquals(3, slots.get(0).extensions().id(HeaderExtension.AUDIO_LEVEL));
    assertEquals(2, slots.get(1).extensions().id(HeaderExtension.MID));
    assertEquals(0, slots.get(1).extensions().id(HeaderExtension.AUDIO_LEVEL));
  }

  /// Of two URIs for one id we know one, or neither, or both.
  @ParameterizedTest
  @CsvSource({
    "x:unknown, " + "y:unknown",
    "x:unknown, http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "urn:ietf:params:rtp-hdrext:sdes:mid, y:unknown"
  })
  void anIdForTwoExtensionsIsLeftOut(String inAudio, String inVideo) throws Exception {
    Negotiation negotiation =
        publish("5 " + inAudio + "|6 " + LEVEL, "5 " + inVideo + "|7 " + ROTATION);

    assertEquals(List.of(List.of("6 " + LEVEL), List.of("7 " + ROTATION)), answered(negotiation));
  }

  /// As aiortc 1.4 offers.
  @Test
  void anIdForTwoExtensionsThatWeKnowIsLeftOutToo() throws Exception {
    Negotiation negotiation = publish("1 " + MID + "|2 " + LEVEL, "1 " + MID + "|2 " + SEND_TIME);

    assertEquals(List.of(List.of("1 " + MID), List.of("1 " + MID)), answered(negotiation));
  }

  @Test
  void anIdForMidAndForAnotherIsRefused() {
    assertRefused(
        "a=extmap", "id 1 stands for two", offer("sendonly", "1 " + MID, "1 " + ROTATION));
  }

  @Test
  void aPayloadTypeIsOneCodec() {
    String offer = offer("sendonly", "1 " + MID, "1 " + MID);
    assertRefused("a=rtpmap", "payload type 111 is opus/48000/2", offer.replace("96", "111"));
    assertRefused(
        "a=rtpmap",
        "payload type 111",
        offer
            .replace("SAVPF 96", "SAVPF 96 111")
            .replace(
                "a=rtpmap:96 VP8/90000",
                "a=rtpmap:96 VP8/90000\r\na=rtpmap:111 rtx/90000\r\na=fmtp:111 apt=96"));
  }

  @Test
  void aPayloadTypeIsOneProfile() {
    String offer = WhipTexts.offer("sendonly", "audio", "video", "video");
    String h264 = offer.replace("VP8/90000", "H264/90000");
    int last = h264.lastIndexOf("a=rtpmap:96");
    String profiles =
        h264.substring(0, last).replace("a=rtpmap:96", fmtp("42e01f") + "a=rtpmap:96")
            + fmtp("640c1f")
            + h264.substring(last);
    assertRefused("a=rtpmap", "of another profile", profiles);
    String same =
        h264.substring(0, last).replace("a=rtpmap:96", fmtp("42e01f") + "a=rtpmap:96")
            + fmtp("42e01f")
            + h264.substring(last);
    assertEquals(3, negotiate(same).offer().tracks().size());
  }

  @Test
  void whatIsNoCodecOfOursMayStandForAnything() {
    String offer =
        WhipTexts.publishing()
            .replace("SAVPF 111", "SAVPF 111 120")
            .replace("SAVPF 96", "SAVPF 96 120")
            .replace("a=rtpmap:111", "a=rtpmap:120 CN/8000\r\na=rtpmap:111")
            .replace("a=rtpmap:96", "a=rtpmap:120 THEORA/90000\r\na=rtpmap:96");
    assertEquals(2, negotiate(offer).offer().tracks().size());
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false", "72, false", "95, false", "96, true"})
  void payloadTypesOfRtcpAreRefused(String type, boolean taken) {
    String offer = WhipTexts.publishing().replace("96", type);
    if (taken) {
      assertEquals(2, negotiate(offer).offer().tracks().size());
    } else {
      assertRefused("m=", "payload type " + type, offer);
    }
  }

  @Test
  void whatOneSectionOffersAloneIsGroupedByNobody() {
    String offer = WhipTexts.offer("sendonly", "audio").replace("a=group:BUNDLE 0\r\n", "");
    Negotiation negotiation = negotiate(offer);
    String answer = negotiation.answer(Offers.answerTo(negotiation.offer()));
    assertFalse(answer.contains("a=group"), answer);
    assertTrue(answer.contains("m=audio 9 "), answer);
  }

  private static String fmtp(String profile) {
    return "a=fmtp:96 profile-level-id=" + profile + ";packetization-mode=1\r\n";
  }

  private static Negotiation publish(String audio, String video) {
    return negotiate(offer("sendonly", audio, video));
  }

  private static Negotiation negotiate(String offer) {
    return new Negotiator(1).negotiate(offer, List.of(), List.of());
  }

  /// @param audio the extensions of the audio section, between bars
  private static String offer(String direction, String audio, String video) {
    return WhipTexts.offer(direction, "audio", "video")
        .replace("a=mid:0\r\n", "a=mid:0\r\n" + lines(audio))
        .replace("a=mid:1\r\n", "a=mid:1\r\n" + lines(video));
  }

  private static String lines(String extensions) {
    return "a=extmap:" + extensions.replace("|", "\r\na=extmap:") + "\r\n";
  }

  /// The extensions in the answer's sections of sound and picture.
  private static List<List<String>> answered(Negotiation negotiation) throws SdpException {
    String answer = negotiation.answer(Offers.answerTo(negotiation.offer()));
    return Offers.sectionsOf(answer).stream()
        .map(section -> Offers.values(section, "extmap"))
        .toList();
  }

  private static void assertRefused(String field, String message, String offer) {
    var refusal = assertThrows(InvalidOfferException.class, () -> negotiate(offer));
    assertEquals(field, refusal.field(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
