package org.plenum.signaling.jsep;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class OneWayOfferFuzzTest {
  /// Whatever is taken from a viewer becomes slots, each in a seat, or is refused by name.
  @FuzzTest(maxDuration = "5s")
  void views(@NotNull String sdp) {
    try {
      OneWayOffer offer = OneWayOffer.viewing(sdp);
      Negotiation negotiation = new Negotiator(1).negotiate(offer.sdp(), List.of(), offer.seats());
      if (!negotiation.offer().tracks().isEmpty()) {
        throw new AssertionError("a viewer publishes");
      }
      negotiation.answer(Offers.answerTo(negotiation.offer()));
    } catch (InvalidOfferException expected) {
      // Named what was wrong.
    }
  }
}
