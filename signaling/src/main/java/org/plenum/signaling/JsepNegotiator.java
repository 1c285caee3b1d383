package org.plenum.signaling;

import java.security.SecureRandom;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.signaling.jsep.InvalidOfferException;
import org.plenum.signaling.jsep.Negotiation;
import org.plenum.signaling.jsep.Negotiator;
import org.plenum.signaling.jsep.TrackHint;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.session.OfferNegotiator;

/// Negotiates a session's offers with JSEP.
final class JsepNegotiator implements OfferNegotiator {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Negotiator negotiator = new Negotiator(RANDOM.nextLong() & Long.MAX_VALUE);

  @Override
  public Negotiated negotiate(ClientMessage.Offer offer) {
    var hints =
        offer.tracks().stream()
            .map(track -> new TrackHint(track.mid(), track.source(), track.muted()))
            .toList();
    try {
      return new Understood(negotiator.negotiate(offer.sdp(), hints, offer.seats()));
    } catch (InvalidOfferException e) {
      throw new InvalidMessageException(e.field(), String.valueOf(e.getMessage()));
    }
  }

  private record Understood(Negotiation negotiation) implements Negotiated {
    @Override
    public TransportOffer transportOffer() {
      return negotiation.offer();
    }

    @Override
    public String answer(TransportAnswer answer) {
      return negotiation.answer(answer);
    }
  }
}
