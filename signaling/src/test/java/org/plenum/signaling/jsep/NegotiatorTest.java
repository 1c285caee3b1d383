package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.jsep.Offers.CHROMIUM;
import static org.plenum.signaling.jsep.Offers.CHROMIUM_SIMULCAST;
import static org.plenum.signaling.jsep.Offers.FIREFOX;
import static org.plenum.signaling.jsep.Offers.FIREFOX_SIMULCAST;
import static org.plenum.signaling.jsep.Offers.SEATS;
import static org.plenum.signaling.jsep.Offers.TRACKS;
import static org.plenum.signaling.jsep.Offers.sectionsOf;
import static org.plenum.signaling.jsep.Offers.values;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.Codec;
import org.plenum.sfu.Codec.Feedback;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Rid;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SdpParser;
import org.plenum.signaling.sdp.SessionDescription;

class NegotiatorTest {
  private final Negotiator negotiator = new Negotiator(42);

  private TransportOffer offer(String sdp) {
    return negotiator.negotiate(sdp, TRACKS, SEATS).offer();
  }

  private String answer(String sdp) {
    Negotiation negotiation = negotiator.negotiate(sdp, TRACKS, SEATS);
    return negotiation.answer(Offers.answerTo(negotiation.offer()));
  }

  @Test
  void readsChromiumsTracks() {
    TransportOffer offer = offer(CHROMIUM);

    assertEquals(
        List.of(TrackSource.MICROPHONE, TrackSource.CAMERA),
        offer.tracks().stream().map(track -> track.source()).toList());
    assertTrue(offer.tracks().get(0).muted());
    assertFalse(offer.tracks().get(1).muted());
    assertEquals(
        List.of(
            new Codec(
                CodecName.OPUS,
                111,
                Codec.NO_RTX,
                63,
                Set.of(Feedback.TRANSPORT_CC),
                Map.of("minptime", "10", "useinbandfec", "1"))),
        offer.tracks().get(0).codecs());
    assertEquals(
        new Codec(
            CodecName.VP8,
            96,
            97,
            Set.of(Feedback.NACK, Feedback.PLI, Feedback.FIR, Feedback.TRANSPORT_CC),
            Map.of()),
        offer.tracks().get(1).codecs().getFirst());
    assertEquals(1, offer.tracks().get(0).ssrcs().size());
    assertEquals(2, offer.tracks().get(1).ssrcs().size());
    assertEquals("sha-256", offer.fingerprints().getFirst().hash());
  }

  @Test
  void readsFirefoxsTracksUnderItsOwnPayloadTypes() {
    TransportOffer offer = offer(FIREFOX);

    Codec opus = offer.tracks().get(0).codecs().getFirst();
    Codec vp8 = offer.tracks().get(1).codecs().getFirst();
    assertEquals(109, opus.payloadType());
    assertEquals("1", opus.parameters().get("stereo"));
    assertEquals(120, vp8.payloadType());
    assertEquals(124, vp8.rtxPayloadType());
    assertEquals(List.of(783_564_898, 1_418_660_443), offer.tracks().get(1).ssrcs());
    assertEquals("beacff81", offer.ice().ufrag());
  }

  @Test
  void mapsHeaderExtensionsUnderTheOfferedIds() {
    TransportOffer offer = offer(FIREFOX);

    assertEquals(1, offer.extensions().id(HeaderExtension.AUDIO_LEVEL));
    assertEquals(3, offer.extensions().id(HeaderExtension.MID));
    assertEquals(6, offer.extensions().id(HeaderExtension.PLAYOUT_DELAY));
    assertEquals(7, offer.extensions().id(HeaderExtension.TRANSPORT_CC));
    assertEquals(0, offer.extensions().id(HeaderExtension.VIDEO_TIMING));
  }

  @Test
  void makesASlotOfEverySectionTheClientOnlyReceivesIn() {
    for (String sdp : List.of(CHROMIUM, FIREFOX)) {
      TransportOffer offer = new Negotiator(1).negotiate(sdp, TRACKS, SEATS).offer();

      assertEquals(8, offer.slots().size());
      assertEquals(SEATS, offer.seats());
      assertTrue(offer.slots().get(1).codecs().getFirst().feedback().contains(Feedback.REMB));
      assertTrue(offer.slots().get(1).codecs().getFirst().hasRtx());
      // A participant of 32 slots keeps them once, not 32 times.
      assertSame(offer.slots().get(1).codecs(), offer.slots().get(3).codecs());
    }
  }

  @Test
  void answersAsAPassiveLiteAgentWithOneTransport() throws Exception {
    SessionDescription answer = SdpParser.parse(answer(CHROMIUM));

    assertTrue(answer.attributes().has("ice-lite"));
    assertTrue(answer.attributes().has("extmap-allow-mixed"));
    assertEquals("BUNDLE 0 1 2 3 4 5 6 7 8 9", answer.attributes().only("group"));
    assertEquals("sha-256 AB" + ":CD".repeat(31), answer.attributes().only("fingerprint"));
    for (MediaDescription media : answer.media()) {
      assertEquals("passive", media.attributes().only("setup"));
      assertEquals("abcd", media.attributes().only("ice-ufrag"));
      assertTrue(media.attributes().has("rtcp-mux"));
      assertTrue(media.attributes().has("rtcp-rsize"));
    }
    MediaDescription first = answer.media().getFirst();
    assertEquals(
        List.of("1 1 udp 2130706431 192.0.2.7 10000 typ host"), values(first, "candidate"));
    assertTrue(first.attributes().has("end-of-candidates"));
    assertFalse(answer.media().get(1).attributes().has("candidate"));
  }

  @Test
  void answersATrackWithRecvonlyAndTheCodecsThatTheRoomTakes() throws Exception {
    Negotiation negotiation = negotiator.negotiate(CHROMIUM, TRACKS, SEATS);
    Codec vp8 = negotiation.offer().tracks().get(1).codecs().getFirst();
    TransportAnswer room = Offers.answerTo(negotiation.offer(), Map.of(new Mid("1"), List.of(vp8)));
    MediaDescription video = sectionsOf(negotiation.answer(room)).get(1);

    assertEquals(List.of("96", "97"), video.formats());
    assertTrue(video.attributes().has("recvonly"));
    assertEquals(List.of("96 VP8/90000", "97 rtx/90000"), values(video, "rtpmap"));
    assertEquals(List.of("97 apt=96"), values(video, "fmtp"));
    assertEquals(
        List.of("96 nack", "96 nack pli", "96 ccm fir", "96 transport-cc"),
        values(video, "rtcp-fb"));
    assertFalse(video.attributes().has("ssrc"));
  }

  /// As our own page asks for it (RFC 3611 §4.4).
  @Test
  void answersTheClocksOfWhoReceivesButNotOfWhoSends() throws Exception {
    String asked = CHROMIUM.replaceAll("(a=rtcp-fb:(\\d+)) nack pli\r\n", "$0$1 rrtr\r\n");
    List<MediaDescription> sections = sectionsOf(answer(asked));

    assertFalse(values(sections.get(1), "rtcp-fb").contains("96 rrtr"));
    assertTrue(sections.get(3).attributes().has("sendonly"));
    assertTrue(values(sections.get(3), "rtcp-fb").contains("96 rrtr"));
  }

  @Test
  void answersASlotWithTheStreamOfItsSeatAndItsSsrcs() throws Exception {
    List<MediaDescription> sections = sectionsOf(answer(FIREFOX));

    MediaDescription audio = sections.get(4);
    MediaDescription video = sections.get(5);
    assertTrue(video.attributes().has("sendonly"));
    assertEquals("seat-1 seat-1-audio", audio.attributes().only("msid"));
    assertEquals("seat-1 seat-1-video", video.attributes().only("msid"));
    assertEquals(List.of("FID 1003 2003"), values(video, "ssrc-group"));
    assertEquals(List.of("1003 cname:plenum", "2003 cname:plenum"), values(video, "ssrc"));
    assertEquals(List.of("1002 cname:plenum"), values(audio, "ssrc"));
    assertFalse(audio.attributes().has("ssrc-group"));
    assertTrue(values(video, "rtcp-fb").contains("120 goog-remb"));
  }

  /// The offer of a viewer, with `ack ccfb` wherever it receives.
  private static String viewerWithStreamFeedback() {
    return CHROMIUM
        .replace("a=sendonly", "a=inactive")
        .replace("a=rtcp-mux", "a=rtcp-mux\r\na=rtcp-fb:* ack ccfb");
  }

  private static String withoutTransportCc(String offer) {
    return offer
        .lines()
        .filter(line -> !line.endsWith("transport-cc") && !line.contains("transport-wide-cc"))
        .collect(Collectors.joining("\r\n", "", "\r\n"));
  }

  private static int streamFeedbackIn(String answer) throws SdpException {
    int sections = 0;
    for (MediaDescription media : sectionsOf(answer)) {
      sections += values(media, "rtcp-fb").contains("* ack ccfb") ? 1 : 0;
    }
    return sections;
  }

  @Test
  void viewersWithoutTransportCcReportByStream() throws Exception {
    Negotiation negotiation =
        negotiator.negotiate(withoutTransportCc(viewerWithStreamFeedback()), List.of(), SEATS);
    assertTrue(negotiation.offer().streamFeedback());
    String answer = negotiation.answer(Offers.answerTo(negotiation.offer()));
    assertEquals(8, streamFeedbackIn(answer), "in each slot's section");
  }

  /// Chromium's form of it.
  @Test
  void feedbackByStreamMayBeOfferedForEachPayloadType() throws Exception {
    String offer =
        withoutTransportCc(CHROMIUM.replace("a=sendonly", "a=inactive"))
            .replaceAll("a=rtpmap:(\\d+) .*", "$0\r\na=rtcp-fb:$1 ack ccfb");
    Negotiation negotiation = negotiator.negotiate(offer, List.of(), SEATS);
    assertTrue(negotiation.offer().streamFeedback());
    MediaDescription video =
        sectionsOf(negotiation.answer(Offers.answerTo(negotiation.offer()))).getLast();
    List<String> feedback = values(video, "rtcp-fb");
    for (String format : video.formats()) {
      assertTrue(feedback.contains(format + " ack ccfb"), format);
    }
    assertFalse(feedback.contains("* ack ccfb"));
  }

  @Test
  void transportCcIsPreferredToFeedbackByStream() throws Exception {
    Negotiation negotiation = negotiator.negotiate(viewerWithStreamFeedback(), List.of(), SEATS);
    assertFalse(negotiation.offer().streamFeedback());
    String answer = negotiation.answer(Offers.answerTo(negotiation.offer()));
    assertEquals(0, streamFeedbackIn(answer));
  }

  /// In a BUNDLE group it would hold for what the client sends as well, and we send none.
  @Test
  void publishersGetNoFeedbackByStream() throws Exception {
    String offer =
        withoutTransportCc(CHROMIUM).replace("a=rtcp-mux", "a=rtcp-mux\r\na=rtcp-fb:* ack ccfb");
    Negotiation negotiation = negotiator.negotiate(offer, TRACKS, SEATS);
    assertFalse(negotiation.offer().streamFeedback());
    String answer = negotiation.answer(Offers.answerTo(negotiation.offer()));
    assertEquals(0, streamFeedbackIn(answer));
  }

  /// RFC 8888 §6: with the wildcard and in every section, or not at all.
  @Test
  void feedbackByStreamOfOnePayloadTypeOrSomeSectionsIsNone() throws Exception {
    String offer = withoutTransportCc(viewerWithStreamFeedback());
    String onePayloadType = offer.replace("a=rtcp-fb:* ack ccfb", "a=rtcp-fb:96 ack ccfb");
    int first = offer.lastIndexOf("a=rtcp-fb:* ack ccfb");
    String oneSectionLess =
        offer.substring(0, first) + offer.substring(offer.indexOf("a=", first + 1));
    assertFalse(negotiator.negotiate(onePayloadType, List.of(), SEATS).offer().streamFeedback());
    assertFalse(negotiator.negotiate(oneSectionLess, List.of(), SEATS).offer().streamFeedback());
  }

  @Test
  void repeatsWhatOpusWasAskedFor() throws Exception {
    assertEquals(
        List.of("109 maxplaybackrate=48000;stereo=1;useinbandfec=1"),
        values(sectionsOf(answer(FIREFOX)).getFirst(), "fmtp"));
    assertEquals(
        List.of("111 minptime=10;useinbandfec=1", "63 111/111"),
        values(sectionsOf(new Fresh().answer(CHROMIUM)).getFirst(), "fmtp"));
  }

  @Test
  void keepsInBandRepairSilenceStereoAndBitrateAsAPublisherAsksForThem() throws Exception {
    String asked =
        CHROMIUM.replaceFirst(
            "a=fmtp:111 [^\r\n]*",
            "a=fmtp:111 maxaveragebitrate=128000;stereo=1;sprop-stereo=1;usedtx=1;useinbandfec=1");
    assertEquals(
        "111 maxaveragebitrate=128000;stereo=1;usedtx=1;useinbandfec=1",
        values(sectionsOf(answer(asked)).getFirst(), "fmtp").getFirst());
    String unwanted = CHROMIUM.replaceFirst("a=fmtp:111 [^\r\n]*", "a=fmtp:111 useinbandfec=0");
    assertEquals(
        "111 useinbandfec=0",
        values(sectionsOf(new Fresh().answer(unwanted)).getFirst(), "fmtp").getFirst());
  }

  @Test
  void asksForInBandRepairWhereTheOfferSaysNothing() throws Exception {
    String silent = CHROMIUM.replaceAll("a=fmtp:111 [^\r\n]*\r?\n", "");
    List<MediaDescription> sections = sectionsOf(answer(silent));
    assertEquals("111 useinbandfec=1", values(sections.getFirst(), "fmtp").getFirst());
    assertEquals(
        List.of("63 111/111"), values(sections.get(2), "fmtp"), "of a viewer it is no business");
  }

  @Test
  void redundantAudioIsFirstWhereTheClientSendsAndTakenWhereItReceives() throws Exception {
    Negotiation negotiation = negotiator.negotiate(CHROMIUM, TRACKS, SEATS);
    assertEquals(63, negotiation.offer().tracks().get(0).codecs().getFirst().redPayloadType());
    assertEquals(63, negotiation.offer().slots().get(0).codecs().getFirst().redPayloadType());
    List<MediaDescription> sections =
        sectionsOf(negotiation.answer(Offers.answerTo(negotiation.offer())));
    assertEquals(List.of("63", "111"), sections.get(0).formats());
    assertEquals(List.of("111 opus/48000/2", "63 red/48000/2"), values(sections.get(0), "rtpmap"));
    assertEquals(List.of("111", "63"), sections.get(2).formats());
    TransportOffer firefox = new Negotiator(1).negotiate(FIREFOX, TRACKS, SEATS).offer();
    assertFalse(firefox.tracks().getFirst().codecs().getFirst().hasRed());
  }

  @Test
  void repairPacketsAreSentToThoseWhoTakeThem() throws Exception {
    Negotiation negotiation = negotiator.negotiate(CHROMIUM, TRACKS, SEATS);
    assertEquals(49, negotiation.offer().slots().get(1).fecPayloadType());
    assertEquals(SlotParameters.NO_FEC, negotiation.offer().slots().get(0).fecPayloadType());
    MediaDescription video =
        sectionsOf(negotiation.answer(Offers.answerTo(negotiation.offer()))).get(3);
    assertEquals("49", video.formats().getLast());
    assertTrue(values(video, "rtpmap").contains("49 flexfec-03/90000"));
    assertTrue(values(video, "fmtp").contains("49 repair-window=10000000"));
    assertEquals(List.of("FID 1001 2001", "FEC-FR 1001 3001"), values(video, "ssrc-group"));
    assertTrue(values(video, "ssrc").contains("3001 cname:plenum"));
    TransportOffer firefox = new Negotiator(1).negotiate(FIREFOX, TRACKS, SEATS).offer();
    assertEquals(SlotParameters.NO_FEC, firefox.slots().get(1).fecPayloadType());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=fmtp:63 111/13",
        "a=fmtp:63 13/13",
        "a=fmtp:63 111/",
        "a=fmtp:63 111/111;x=1",
        "a=x-none:63"
      })
  void redundantAudioOfAnythingElseIsNotTaken(String fmtp) throws Exception {
    String sdp = CHROMIUM.replace("a=fmtp:63 111/111", fmtp);
    Negotiation negotiation = negotiator.negotiate(sdp, TRACKS, SEATS);
    assertFalse(negotiation.offer().tracks().get(0).codecs().getFirst().hasRed());
    MediaDescription audio =
        sectionsOf(negotiation.answer(Offers.answerTo(negotiation.offer()))).getFirst();
    assertEquals(List.of("111"), audio.formats());
  }

  @Test
  void reversesTheDirectionOfAnExtensionAndLeavesOutWhatNobodyNeeds() throws Exception {
    List<MediaDescription> sections = sectionsOf(answer(FIREFOX));

    String playoutDelay = "/sendonly " + HeaderExtension.PLAYOUT_DELAY.uri();
    assertFalse(values(sections.get(1), "extmap").contains("6" + playoutDelay));
    assertTrue(values(sections.get(3), "extmap").contains("6" + playoutDelay));
    assertTrue(sections.get(3).attributes().has("extmap-allow-mixed"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rejectsTheDataChannelAndTakesAllStreamsOfASimulcast(boolean chromium) throws Exception {
    String sdp = chromium ? CHROMIUM_SIMULCAST : FIREFOX_SIMULCAST;
    Negotiation negotiation = negotiator.negotiate(sdp, List.of(), List.of());
    SessionDescription answer =
        SdpParser.parse(negotiation.answer(Offers.answerTo(negotiation.offer())));

    assertEquals(2, negotiation.offer().tracks().size());
    MediaDescription data =
        answer.media().stream().filter(m -> m.kind().equals("application")).findFirst().get();
    assertEquals(0, data.port());
    String bundle = String.valueOf(answer.attributes().only("group"));
    assertFalse(List.of(bundle.split(" ")).contains(data.attributes().only("mid")));
    MediaDescription video =
        answer.media().stream().filter(m -> m.kind().equals("video")).findFirst().get();
    assertEquals(List.of("recv q;h;f"), values(video, "simulcast"));
    assertEquals(List.of("q recv", "h recv", "f recv"), values(video, "rid"));
    var camera = negotiation.offer().tracks().get(1);
    assertEquals(List.of(new Rid("q"), new Rid("h"), new Rid("f")), camera.rids());
    assertEquals(List.of(), camera.ssrcs(), "the rids in the packets tell");
    assertTrue(
        answer.media().stream()
            .filter(m -> m.kind().equals("audio"))
            .allMatch(m -> m.attributes().has("recvonly")));
  }

  @Test
  void guessesSourcesWhereNoneAreGiven() {
    TransportOffer offer = negotiator.negotiate(CHROMIUM, List.of(), SEATS).offer();

    assertEquals(TrackSource.MICROPHONE, offer.tracks().get(0).source());
    assertEquals(TrackSource.CAMERA, offer.tracks().get(1).source());
  }

  @Test
  void aSoundInNoSeatIsAnExtraSlotAndAPictureInNoSeatIsRejected() throws Exception {
    Negotiation negotiation = negotiator.negotiate(CHROMIUM, TRACKS, Offers.seats(3, 2));
    List<MediaDescription> sections =
        sectionsOf(negotiation.answer(Offers.answerTo(negotiation.offer())));

    assertEquals("extra-8 extra-8-audio", sections.get(8).attributes().only("msid"));
    assertEquals(0, sections.get(9).port());
    assertTrue(negotiation.offer().slots().stream().noneMatch(s -> s.mid().equals(new Mid("9"))));
  }

  /// A negotiation of its own.
  private static final class Fresh {
    String answer(String sdp) {
      Negotiation negotiation = new Negotiator(1).negotiate(sdp, TRACKS, SEATS);
      return negotiation.answer(Offers.answerTo(negotiation.offer()));
    }
  }
}
