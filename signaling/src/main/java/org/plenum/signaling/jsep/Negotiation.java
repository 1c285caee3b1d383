package org.plenum.signaling.jsep;

import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.signaling.sdp.Origin;
import org.plenum.signaling.sdp.SdpWriter;

/// One offer, read and waiting for the SFU's side of it.
public final class Negotiation {
  private final Negotiator negotiator;
  private final long answersBefore;
  private final TransportOffer offer;
  private final AnswerBuilder answer;

  Negotiation(
      Negotiator negotiator, long answersBefore, TransportOffer offer, AnswerBuilder answer) {
    this.negotiator = negotiator;
    this.answersBefore = answersBefore;
    this.offer = offer;
    this.answer = answer;
  }

  /// What the SFU is to set up.
  public TransportOffer offer() {
    return offer;
  }

  /// The answer's SDP. From here on this negotiation is in force: call it once, and only if the
  /// answer is sent. The SFU must have given SSRCs to all slots.
  public String answer(TransportAnswer transport) {
    Origin origin = negotiator.origin(answersBefore);
    String sdp = SdpWriter.write(answer.build(origin, transport));
    negotiator.answered(offer, answer.sections());
    return sdp;
  }
}
