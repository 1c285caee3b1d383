package org.plenum.signaling.jsep;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SdpParser;

@Tag("fuzz")
class NegotiatorFuzzTest {
  /// Whatever is offered is refused by name or answered with something that parses, and can be
  /// offered again.
  @FuzzTest(maxDuration = "5s")
  void negotiates(@NotNull String sdp) throws SdpException {
    var negotiator = new Negotiator(1);
    try {
      Negotiation negotiation = negotiator.negotiate(sdp, List.of(), List.of());
      SdpParser.parse(negotiation.answer(Offers.answerTo(negotiation.offer())));
    } catch (InvalidOfferException expected) {
      return;
    }
    negotiator.negotiate(sdp, List.of(), List.of());
  }
}
