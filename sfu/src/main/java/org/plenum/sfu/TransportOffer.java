package org.plenum.sfu;

import java.util.List;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.sfu.rtp.HeaderExtensionMap;

/// What a client's offer asks for, after negotiation: the answer to it follows from this and
/// the [TransportAnswer]. Each offer states everything: a track or slot that is no longer
/// listed ends, except that an m-section keeps its Mid for ever.
///
/// @param ice other credentials than before mean an ICE restart
/// @param fingerprints of the client's certificate; must not change while a transport lives
/// @param extensions ids of the header extensions of all sections: what is received is read by
/// them, and a slot without ids of its own is sent by them
/// @param streamFeedback whether the client reports what it receives by RFC 8888 (`ccfb`)
public record TransportOffer(
    IceCredentials ice,
    List<DtlsFingerprint> fingerprints,
    HeaderExtensionMap extensions,
    List<TrackParameters> tracks,
    List<SlotParameters> slots,
    List<SeatParameters> seats,
    boolean streamFeedback) {
  public TransportOffer {
    fingerprints = List.copyOf(fingerprints);
    tracks = List.copyOf(tracks);
    slots = List.copyOf(slots);
    seats = List.copyOf(seats);
  }

  /// Of a client that reports by transport-cc, by REMB or not at all.
  public TransportOffer(
      IceCredentials ice,
      List<DtlsFingerprint> fingerprints,
      HeaderExtensionMap extensions,
      List<TrackParameters> tracks,
      List<SlotParameters> slots,
      List<SeatParameters> seats) {
    this(ice, fingerprints, extensions, tracks, slots, seats, false);
  }
}
