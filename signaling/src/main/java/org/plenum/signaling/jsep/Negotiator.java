package org.plenum.signaling.jsep;

import java.util.List;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;
import org.plenum.sfu.TransportOffer;
import org.plenum.signaling.sdp.Origin;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SdpParser;
import org.plenum.signaling.sdp.SessionDescription;

/// Answers the offers of one PeerConnection. Remembers what later offers must keep, so there is one
/// per PeerConnection; confined to whoever owns it, one offer at a time.
public final class Negotiator {
  private final long sessionId;
  private Continuity continuity = Continuity.NONE;
  private long answers;

  /// @param sessionId a random number, not negative (RFC 9429 §5.2.1)
  public Negotiator(long sessionId) {
    if (sessionId < 0) {
      throw new IllegalArgumentException("session id must not be negative");
    }
    this.sessionId = sessionId;
  }

  /// Reads an offer. Nothing is remembered until it is answered, so an offer that is refused
  /// here or by the SFU leaves no trace.
  ///
  /// @param tracks one for each section in which the client sends; where one is missing, the source
  /// is guessed
  /// @throws InvalidOfferException if it cannot be answered
  public Negotiation negotiate(
      String offerSdp, List<TrackHint> tracks, List<SeatParameters> seats) {
    try {
      return negotiate(SdpParser.parse(offerSdp), tracks, seats);
    } catch (SdpException e) {
      throw new InvalidOfferException(e);
    }
  }

  private Negotiation negotiate(
      SessionDescription offer, List<TrackHint> tracks, List<SeatParameters> seatParameters)
      throws SdpException {
    TransportReader.requireFullIce(offer);
    List<OfferedSection> offered = OfferedSections.read(offer);
    continuity.requireSameSections(offered);
    Bundle bundle = Bundle.read(offer, offered);
    PayloadTypes.require(offered);
    var sources = new TrackSources(tracks, offered);
    var seats = new Seats(seatParameters, offered);
    var sections = new Sections(seats, new Extensions(offer.attributes(), offered));
    sections.negotiate(offered);
    List<Mid> accepted = bundle.accepted(sections.list());
    ClientTransport transport = TransportReader.read(offer, bundle, accepted.getFirst());
    continuity.requireSameCertificate(transport.fingerprints());
    var transportOffer =
        new TransportOffer(
            transport.ice(),
            List.copyOf(transport.fingerprints()),
            sections.extensions(),
            sections.tracks(sources),
            sections.slots(),
            seatParameters,
            sections.streamFeedback());
    boolean grouped = Bundle.group(offer) != null;
    var media = new SectionAnswer(seats, transportOffer.streamFeedback());
    var answer = new AnswerBuilder(offer, sections.list(), accepted, grouped, media);
    return new Negotiation(this, answers, transportOffer, answer);
  }

  /// The origin of the answer to a negotiation that began after `answersBefore` answers.
  Origin origin(long answersBefore) {
    if (answersBefore != answers) {
      throw new IllegalStateException("another offer was answered in the meantime");
    }
    return Origin.of(sessionId, answers + 1);
  }

  /// Remembers what later offers must keep.
  void answered(TransportOffer offer, List<Section> sections) {
    answers++;
    continuity = Continuity.of(offer, sections);
  }
}
