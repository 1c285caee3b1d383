package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;
import org.plenum.signaling.WhipTexts;
import org.plenum.signaling.sdp.SdpException;

class OneWayOfferTest {
  @Test
  void pairsSoundsAndPicturesInOrder() {
    OneWayOffer offer =
        OneWayOffer.viewing(
            WhipTexts.offer("recvonly", "video", "audio", "video", "audio", "audio"));
    assertEquals(List.of(seat(0, "1", "0"), seat(1, "3", "2"), seat(2, "4", null)), offer.seats());
  }

  @Test
  void picturesBeyondTheSoundsAreSeatsToo() {
    OneWayOffer offer = OneWayOffer.viewing(WhipTexts.offer("recvonly", "video", "video"));
    assertEquals(List.of(seat(0, null, "0"), seat(1, null, "1")), offer.seats());
  }

  @Test
  void sendrecvMeansRecvonlyToAViewer() throws SdpException {
    OneWayOffer offer = OneWayOffer.viewing(WhipTexts.offer("sendrecv", "audio", "video"));
    Negotiation negotiation = new Negotiator(1).negotiate(offer.sdp(), List.of(), offer.seats());
    assertEquals(List.of(), negotiation.offer().tracks());
    assertEquals(2, negotiation.offer().slots().size());
    String answer = negotiation.answer(Offers.answerTo(negotiation.offer()));
    for (var section : Offers.sectionsOf(answer)) {
      assertTrue(section.attributes().has("sendonly"), answer);
    }
  }

  @Test
  void whatIsMissingMeansSendrecv() {
    String silent = WhipTexts.viewing().replace("a=recvonly\r\n", "");
    assertEquals(1, OneWayOffer.viewing(silent).seats().size());
    assertEquals(0, OneWayOffer.publishing(silent).seats().size());
  }

  @Test
  void anOfferThatNeedsNoChangeIsTakenAsItIs() {
    String offer = WhipTexts.publishing();
    assertSame(offer, OneWayOffer.publishing(offer).sdp());
    String viewing = WhipTexts.viewing();
    assertSame(viewing, OneWayOffer.viewing(viewing).sdp());
  }

  @Test
  void namesTheSectionThatLeadsTheBundle() {
    String swapped = WhipTexts.publishing().replace("BUNDLE 0 1", "BUNDLE 1 0");
    assertEquals(
        new IceFragment.Section("video", new Mid("1")), OneWayOffer.publishing(swapped).tagged());
  }

  @Test
  void aSectionThatItsOffererRejectsDoesNotCount() {
    String rejected =
        WhipTexts.offer("sendonly", "audio", "application")
            .replace("m=application 9", "m=application 0");
    assertEquals(
        new IceFragment.Section("audio", new Mid("0")), OneWayOffer.publishing(rejected).tagged());
  }

  @Test
  void whatIsNeitherSoundNorPictureDoesNotCount() {
    String open = WhipTexts.offer("sendonly", "application", "audio");
    assertEquals(
        new IceFragment.Section("audio", new Mid("1")), OneWayOffer.publishing(open).tagged());
  }

  @Test
  void tellsBrokenGrammarFromWhatCannotBeServed() {
    assertTrue(refusal("v=1").isMalformed());
    assertTrue(refusal(WhipTexts.publishing() + "a=sendrecv\r\n").isMalformed());
    assertFalse(refusal(WhipTexts.viewing()).isMalformed());
  }

  private static InvalidOfferException refusal(String sdp) {
    return assertThrows(InvalidOfferException.class, () -> OneWayOffer.publishing(sdp));
  }

  private static SeatParameters seat(int number, String audio, String video) {
    return new SeatParameters(
        number, audio == null ? null : new Mid(audio), video == null ? null : new Mid(video));
  }
}
