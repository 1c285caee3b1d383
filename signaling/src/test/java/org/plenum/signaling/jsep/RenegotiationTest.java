package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.jsep.Offers.CHROMIUM;
import static org.plenum.signaling.jsep.Offers.SEATS;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.TransportAnswer;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.SdpParser;

/// Later offers of one PeerConnection (RFC 9429 §5.2.2).
class RenegotiationTest {
  private final Negotiator negotiator = new Negotiator(42);

  private Negotiation negotiate(String sdp, List<SeatParameters> seats) {
    return negotiator.negotiate(sdp, List.of(), seats);
  }

  private static String answer(Negotiation negotiation) {
    return negotiation.answer(Offers.answerTo(negotiation.offer()));
  }

  private static String refusal(Negotiator negotiator, String sdp) {
    return assertThrows(
            InvalidOfferException.class, () -> negotiator.negotiate(sdp, List.of(), List.of()))
        .field();
  }

  /// The offer's first `count` sections.
  private static String first(int count) {
    int end = CHROMIUM.length();
    int position = CHROMIUM.indexOf("m=");
    for (int i = 0; i < count && position >= 0; i++) {
      position = CHROMIUM.indexOf("\nm=", position + 1) + 1;
    }
    if (position > 0) {
      end = position;
    }
    var mids = new StringBuilder();
    for (int i = 0; i < count; i++) {
      mids.append(' ').append(i);
    }
    return CHROMIUM.substring(0, end).replaceFirst("BUNDLE[^\r]*", "BUNDLE" + mids);
  }

  /// The whole offer with one section rejected.
  private static String stopped(int mid) {
    String[] sections = CHROMIUM.split("(?=m=(audio|video))");
    sections[mid + 1] = sections[mid + 1].replaceFirst(" 9 ", " 0 ");
    return String.join("", sections).replaceFirst("(BUNDLE.*) " + mid, "$1");
  }

  @Test
  void sectionsAreAdded() throws Exception {
    String before = answer(negotiate(first(4), Offers.seats(1, 2)));
    Negotiation more = negotiate(CHROMIUM, SEATS);
    String after = answer(more);

    assertEquals(4, SdpParser.parse(before).media().size());
    assertEquals(10, SdpParser.parse(after).media().size());
    assertEquals(8, more.offer().slots().size());
    assertEquals("1", SdpParser.parse(before).origin().version());
    assertEquals("2", SdpParser.parse(after).origin().version());
    assertEquals("42", SdpParser.parse(after).origin().sessionId());
  }

  @Test
  void sectionsAreNeverTakenAway() {
    answer(negotiate(CHROMIUM, SEATS));

    assertEquals("m=", refusal(negotiator, first(4)));
  }

  @Test
  void aSectionKeepsItsMidAndItsKind() {
    answer(negotiate(CHROMIUM, SEATS));

    String renamed = CHROMIUM.replace("a=mid:9", "a=mid:90").replaceFirst("(BUNDLE.*) 9", "$1 90");
    assertEquals("a=mid", refusal(negotiator, renamed));
    String swapped =
        CHROMIUM
            .replace("a=mid:3", "a=mid:x")
            .replace("a=mid:5", "a=mid:3")
            .replace("a=mid:x", "a=mid:5");
    assertEquals("a=mid", refusal(negotiator, swapped));
    String other = CHROMIUM.replace("m=video", "m=text");
    assertEquals("m=", refusal(negotiator, other));
  }

  @Test
  void aRestartBringsNewCredentialsAndNothingElse() {
    Negotiation before = negotiate(CHROMIUM, SEATS);
    answer(before);
    Negotiation after =
        negotiate(CHROMIUM.replaceAll("a=ice-ufrag:[^\r]*", "a=ice-ufrag:fresh"), SEATS);

    assertEquals("fresh", after.offer().ice().ufrag());
    assertEquals(before.offer().tracks(), after.offer().tracks());
    assertEquals(before.offer().slots(), after.offer().slots());
    assertEquals(before.offer().fingerprints(), after.offer().fingerprints());
  }

  @Test
  void theCertificateOfALiveTransportStays() {
    answer(negotiate(CHROMIUM, SEATS));

    String other =
        CHROMIUM.replaceAll("a=fingerprint:[^\r]*", "a=fingerprint:sha-256 00" + ":22".repeat(31));
    assertEquals("a=fingerprint", refusal(negotiator, other));
  }

  @Test
  void anInactiveTrackIsAnsweredInactiveAndMaySendAgain() throws Exception {
    answer(negotiate(CHROMIUM, SEATS));
    String[] parts = CHROMIUM.split("(?=m=video)", 2);
    String paused = parts[0] + parts[1].replaceFirst("a=sendonly", "a=inactive");

    Negotiation quiet = negotiate(paused, SEATS);
    MediaDescription video = SdpParser.parse(answer(quiet)).media().get(1);
    assertEquals(1, quiet.offer().tracks().size());
    assertEquals(9, video.port());
    assertTrue(video.attributes().has("inactive"));
    assertFalse(video.attributes().has("ssrc"));

    assertEquals(2, negotiate(CHROMIUM, SEATS).offer().tracks().size());
  }

  @Test
  void aStoppedSectionStaysRejectedUntilItsPlaceIsTaken() throws Exception {
    answer(negotiate(CHROMIUM, SEATS));
    Negotiation stopped = negotiate(stopped(9), Offers.seats(3, 2));
    MediaDescription section = SdpParser.parse(answer(stopped)).media().get(9);

    assertEquals(0, section.port());
    assertEquals("9", section.attributes().only("mid"));
    String recycled = CHROMIUM.replace("a=mid:9", "a=mid:90").replaceFirst("(BUNDLE.*) 9", "$1 90");
    Negotiation reused =
        negotiate(recycled, List.of(new SeatParameters(0, new Mid("2"), new Mid("90"))));
    assertTrue(reused.offer().slots().stream().anyMatch(s -> s.mid().equals(new Mid("90"))));
  }

  @Test
  void anOfferThatWasNotAnsweredLeavesNoTrace() {
    negotiate(CHROMIUM, SEATS);

    assertEquals(2, negotiate(first(4), Offers.seats(1, 2)).offer().slots().size());
  }

  @Test
  void anOfferIsAnsweredOnceAndInOrder() {
    Negotiation first = negotiate(CHROMIUM, SEATS);
    Negotiation second = negotiate(CHROMIUM, SEATS);
    TransportAnswer transport = Offers.answerTo(first.offer());
    first.answer(transport);

    assertThrows(IllegalStateException.class, () -> first.answer(transport));
    assertThrows(IllegalStateException.class, () -> second.answer(transport));
  }

  @Test
  void aSlotWithoutSsrcIsAFaultOfOurs() {
    Negotiation negotiation = negotiate(first(4), Offers.seats(1, 2));
    TransportAnswer none = Offers.answerTo(negotiate(first(2), List.of()).offer());

    assertThrows(IllegalStateException.class, () -> negotiation.answer(none));
  }
}
