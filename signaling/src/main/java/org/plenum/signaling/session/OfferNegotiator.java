package org.plenum.signaling.session;

import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.signaling.protocol.ClientMessage;

/// What a session needs of JSEP: one for each session, remembers its transport's sections. One
/// thread at a time.
@FunctionalInterface
public interface OfferNegotiator {
  /// Throws InvalidMessageException that names what is wrong with the offer.
  Negotiated negotiate(ClientMessage.Offer offer);

  /// An offer understood, waiting for the SFU's side.
  interface Negotiated {
    TransportOffer transportOffer();

    /// The answer in SDP.
    String answer(TransportAnswer answer);
  }
}
