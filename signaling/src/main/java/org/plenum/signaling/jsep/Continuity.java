package org.plenum.signaling.jsep;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Mid;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.dtls.DtlsFingerprint;

/// What of the last negotiation later offers must keep (RFC 9429 §5.2.2): sections are never taken
/// away or reordered, and only one that was rejected may be put to another use.
///
/// @param fingerprints of the client's certificate; empty before the first negotiation
record Continuity(List<Place> places, Set<DtlsFingerprint> fingerprints) {
  static final Continuity NONE = new Continuity(List.of(), Set.of());

  Continuity {
    places = List.copyOf(places);
    fingerprints = Set.copyOf(fingerprints);
  }

  /// @param mid null if the section was rejected: the place is free
  record Place(@Nullable Mid mid, String kind) {
    static Place of(Section section) {
      return switch (section) {
        case Section.Accepted accepted -> new Place(accepted.mid(), accepted.offered().kind());
        case Section.Rejected rejected -> new Place(null, rejected.offered().kind());
      };
    }
  }

  static Continuity of(TransportOffer offer, List<Section> sections) {
    return new Continuity(
        sections.stream().map(Place::of).toList(), Set.copyOf(offer.fingerprints()));
  }

  void requireSameSections(List<OfferedSection> sections) {
    if (sections.size() < places.size()) {
      throw new InvalidOfferException(
          "m=",
          "the offer has " + sections.size() + " sections, the one before had " + places.size());
    }
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      Mid before = place.mid();
      if (before != null) {
        requireSame(before, place.kind(), sections.get(i), i);
      }
    }
  }

  void requireSameCertificate(Set<DtlsFingerprint> offered) {
    if (!fingerprints.isEmpty() && !fingerprints.equals(offered)) {
      throw new InvalidOfferException(
          "a=fingerprint", "the certificate of a live transport cannot change");
    }
  }

  private static void requireSame(Mid before, String kind, OfferedSection section, int index) {
    Mid mid = section.mid();
    if (mid != null && !mid.equals(before)) {
      throw new InvalidOfferException(
          "a=mid",
          "section number " + (index + 1) + " must have the mid " + before + ", not " + mid);
    }
    if (!section.media().kind().equals(kind)) {
      throw new InvalidOfferException(
          "m=", "section " + before + " was " + kind + " and cannot become another kind");
    }
  }
}
