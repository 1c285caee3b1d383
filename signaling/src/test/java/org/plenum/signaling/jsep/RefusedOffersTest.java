package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.plenum.signaling.jsep.Offers.CHROMIUM;
import static org.plenum.signaling.jsep.Offers.SEATS;
import static org.plenum.signaling.jsep.Offers.TRACKS;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.rtp.HeaderExtension;

class RefusedOffersTest {
  private static final String AUDIO_LEVEL = "a=extmap:1 " + HeaderExtension.AUDIO_LEVEL.uri();
  private static final String MID_LINE = "a=extmap:4 " + HeaderExtension.MID.uri();

  /// Field, part of the message, the line (as a regular expression) to replace everywhere, and what
  /// by.
  static Stream<Arguments> spoiltLines() {
    return Stream.of(
        arguments("a=ice-lite", "ICE-lite", "t=0 0", "t=0 0\r\na=ice-lite"),
        arguments("a=setup", "passive", "a=setup:actpass", "a=setup:passive"),
        arguments("a=setup", "holdconn", "a=setup:actpass", "a=setup:holdconn"),
        arguments("a=setup", "no setup", "a=setup:actpass", "a=x"),
        arguments("a=group", "no BUNDLE", "a=group:BUNDLE [^\r]*", "a=x"),
        arguments("a=group", "section 9 is not in", "a=group:BUNDLE (.*) 9", "a=group:BUNDLE $1"),
        arguments("a=group", "no section has", "a=group:BUNDLE (.*) 9", "a=group:BUNDLE $1 10"),
        arguments("a=group", "twice", "a=group:BUNDLE (.*) 9", "a=group:BUNDLE $1 9 9"),
        arguments("a=rtcp-mux", "section 0", "a=rtcp-mux", "a=x"),
        arguments("a=fingerprint", "no fingerprint", "a=fingerprint:[^\r]*", "a=x"),
        arguments(
            "a=fingerprint",
            "sha-256, sha-384",
            "a=fingerprint:[^\r]*",
            "a=fingerprint:sha-1 00" + ":11".repeat(19)),
        arguments(
            "a=fingerprint",
            "32 bytes, not 20",
            "a=fingerprint:[^\r]*",
            "a=fingerprint:sha-256 00" + ":11".repeat(19)),
        arguments(
            "a=fingerprint", "hexadecimal", "a=fingerprint:[^\r]*", "a=fingerprint:sha-256 0Z:11"),
        arguments("a=ice-ufrag", "no ice-ufrag", "a=ice-ufrag:[^\r]*", "a=x"),
        arguments("a=ice-pwd", "no ice-pwd", "a=ice-pwd:[^\r]*", "a=x"),
        arguments("a=ice-ufrag", "not 3", "a=ice-ufrag:[^\r]*", "a=ice-ufrag:abc"),
        arguments("a=ice-pwd", "not 5", "a=ice-pwd:[^\r]*", "a=ice-pwd:short"),
        arguments("a=ice-pwd", "letters", "a=ice-pwd:[^\r]*", "a=ice-pwd:" + "*".repeat(22)),
        arguments("a=mid", "two sections", "a=mid:9", "a=mid:8"),
        arguments("a=mid", "has no mid", "a=mid:9", "a=x"),
        arguments("a=mid", "not 65", "a=mid:9", "a=mid:" + "9".repeat(65)),
        arguments("a=mid", "token characters", "a=mid:9", "a=mid:a/b"),
        arguments("a=mid", "twice", "a=mid:9", "a=mid:9\r\na=mid:9"),
        arguments("a=extmap", "id from 1", "a=extmap:1 ", "a=extmap:0 "),
        arguments("a=extmap", "not 15", "a=extmap:1 ", "a=extmap:15 "),
        arguments("a=extmap", "id from 1", "a=extmap:1 ", "a=extmap:256 "),
        arguments("a=extmap", "direction", "a=extmap:1 ", "a=extmap:1/up "),
        arguments("a=extmap", "twice in one", AUDIO_LEVEL, AUDIO_LEVEL + "\r\n" + AUDIO_LEVEL),
        arguments("a=rtpmap", "no codec of ours: VP8", "(VP[89]|H26[45]|AV1)/90000", "VC1/90000"),
        arguments("a=rtpmap", "payload type", "a=rtpmap:111 ", "a=rtpmap:128 "),
        arguments("a=ssrc", "announced twice", "a=ssrc(-group:FID|:)[^\r]*", "a=ssrc:7 cname:x"),
        arguments("a=ssrc", "32 bits", "a=ssrc:[^\r]*", "a=ssrc:4294967296 cname:x"),
        arguments("a=recvonly", "second direction", "a=sendonly", "a=sendonly\r\na=recvonly"),
        arguments("m=", "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        arguments("m=", "no live audio or video", "m=(audio|video) 9", "m=$1 0"),
        arguments("sdp", "line 1: must be v=0", "v=0", "v=1"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("spoiltLines")
  void namesTheFieldThatWasWrong(String field, String message, String line, String by) {
    String sdp = CHROMIUM.replaceAll(line, by);
    assertNotEquals(CHROMIUM, sdp);

    assertRefused(field, message, sdp);
  }

  @Test
  void aSectionHasOneIdForAnExtension() {
    String twice = MID_LINE + "\r\n" + MID_LINE.replace(":4 ", ":99 ");
    assertRefused("a=extmap", "has the ids 4 and 99", CHROMIUM.replace(MID_LINE, twice));
  }

  @Test
  void hugeAndSenselessTextIsRefused() {
    assertRefused("sdp", "not 1048576", "x".repeat(1 << 20));
    assertRefused("sdp", "at most", CHROMIUM + "a=x\r\n".repeat(200_000));
    assertRefused("sdp", "o= line", "");
    assertRefused("sdp", "line 1", "{\"type\":\"offer\"}");
    assertRefused("m=", "no live", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
  }

  @Test
  void hintsMustFitTheOffer() {
    var microphone = new TrackHint(new Mid("0"), TrackSource.MICROPHONE, false);
    assertRefused("tracks", "does not send", List.of(hint("2", TrackSource.MICROPHONE)), SEATS);
    assertRefused("tracks", "does not send", List.of(hint("77", TrackSource.MICROPHONE)), SEATS);
    assertRefused("tracks", "not of the kind", List.of(hint("0", TrackSource.CAMERA)), SEATS);
    assertRefused("tracks", "twice", List.of(microphone, microphone), SEATS);
  }

  @Test
  void seatsMustFitTheOffer() {
    assertRefused("seats", "no recvonly", TRACKS, List.of(seat(0, "0", null)));
    assertRefused("seats", "no recvonly", TRACKS, List.of(seat(0, "3", "2")));
    assertRefused("seats", "no recvonly", TRACKS, List.of(seat(0, null, "99")));
    assertRefused("seats", "two seats", TRACKS, List.of(seat(0, "2", "3"), seat(1, "2", "5")));
    assertRefused("seats", "given twice", TRACKS, List.of(seat(0, "2", "3"), seat(0, "4", "5")));
  }

  @Test
  void aSourceThatCannotBeGuessedMustBeGiven() {
    String sending = CHROMIUM.replace("a=recvonly", "a=sendonly");
    assertRefused("tracks", "section 4", sending, List.of(), List.of());
  }

  @Test
  void wideExtensionIdsCountOnlyWhereFormsMayBeMixed() {
    String wide = CHROMIUM.replace("a=extmap:4 ", "a=extmap:16 ");
    String alone = wide.replace("a=extmap-allow-mixed\r\n", "");

    assertEquals(16, extensionId(wide));
    assertEquals(0, extensionId(alone));
    assertFalse(alone.contains("allow-mixed"));
  }

  private static int extensionId(String sdp) {
    var offer = new Negotiator(1).negotiate(sdp, TRACKS, SEATS).offer();
    return offer.extensions().id(HeaderExtension.MID);
  }

  private static TrackHint hint(String mid, TrackSource source) {
    return new TrackHint(new Mid(mid), source, false);
  }

  private static SeatParameters seat(int number, String audio, String video) {
    return new SeatParameters(
        number, audio == null ? null : new Mid(audio), video == null ? null : new Mid(video));
  }

  private static void assertRefused(String field, String message, String sdp) {
    assertRefused(field, message, sdp, TRACKS, SEATS);
  }

  private static void assertRefused(
      String field, String message, List<TrackHint> tracks, List<SeatParameters> seats) {
    assertRefused(field, message, CHROMIUM, tracks, seats);
  }

  private static void assertRefused(
      String field,
      String message,
      String sdp,
      List<TrackHint> tracks,
      List<SeatParameters> seats) {
    var refusal =
        assertThrows(
            InvalidOfferException.class, () -> new Negotiator(1).negotiate(sdp, tracks, seats));
    assertEquals(field, refusal.field(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
