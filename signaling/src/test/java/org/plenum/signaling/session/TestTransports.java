package org.plenum.signaling.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.InvalidMessageException;

/// Both sides of a transport that carries nothing.
public final class TestTransports {
  private static final IceCredentials ICE = IceCredentials.random();

  public static final TransportAnswer ANSWER =
      new TransportAnswer(
          ICE, new DtlsFingerprint("sha-256", "00"), List.of(), "cname", Map.of(), Map.of());

  public static final TransportOffer OFFER =
      new TransportOffer(ICE, List.of(), HeaderExtensionMap.EMPTY, List.of(), List.of(), List.of());

  private TestTransports() {}

  /// A negotiator that takes any SDP but "bad".
  public static OfferNegotiator negotiator() {
    return TestTransports::negotiate;
  }

  /// The same with an SSRC for each slot of the offer.
  static TransportAnswer withSlots(TransportAnswer answer, TransportOffer offer) {
    Map<Mid, TransportAnswer.SlotSsrcs> slots = new HashMap<>(answer.slots());
    for (SlotParameters slot : offer.slots()) {
      slots.putIfAbsent(slot.mid(), new TransportAnswer.SlotSsrcs(slots.size() + 1, 0));
    }
    return new TransportAnswer(
        answer.ice(),
        answer.fingerprint(),
        answer.candidates(),
        answer.cname(),
        slots,
        answer.tracks());
  }

  private static OfferNegotiator.Negotiated negotiate(ClientMessage.Offer offer) {
    if (offer.sdp().equals("bad")) {
      throw new InvalidMessageException("a=setup", "must not be passive");
    }
    return new OfferNegotiator.Negotiated() {
      @Override
      public TransportOffer transportOffer() {
        return OFFER;
      }

      @Override
      public String answer(TransportAnswer answer) {
        return "answer to " + offer.sdp();
      }
    };
  }
}
