package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.SeatParameters;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.Direction;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SdpParser;
import org.plenum.signaling.sdp.SdpWriter;
import org.plenum.signaling.sdp.SessionDescription;

/// An offer of WHIP (RFC 9725 §4.2) or WHEP, in which media goes one way only and every section of
/// audio or video is accepted or the offer is refused as a whole (RFC 9725 §4.4.3). Others, such as
/// `m=application`, are answered with port 0.
///
/// @param sdp for the [Negotiator]
/// @param seats of a viewer, empty for a publisher
/// @param tagged the section that carries the transport: the first of the BUNDLE group (RFC 8843
/// §7.1.3)
public record OneWayOffer(String sdp, List<SeatParameters> seats, IceFragment.Section tagged) {
  public OneWayOffer {
    seats = List.copyOf(seats);
  }

  /// An offer to publish: all sections are sendonly, or sendrecv.
  ///
  /// @throws InvalidOfferException if it is none
  public static OneWayOffer publishing(String sdp) {
    try {
      SessionDescription offer = SdpParser.parse(sdp);
      List<OfferedSection> all = OfferedSections.read(offer);
      for (OfferedSection section : live(all)) {
        if (!section.direction().sends()) {
          throw direction(section, "a publisher's must be sendonly or sendrecv");
        }
      }
      return new OneWayOffer(sdp, List.of(), tagged(offer, all));
    } catch (SdpException e) {
      throw new InvalidOfferException(e);
    }
  }

  /// An offer to view: all sections are recvonly, or sendrecv, which means the same here. The k-th
  /// audio and the k-th video section become seat k.
  ///
  /// @throws InvalidOfferException if it is none
  public static OneWayOffer viewing(String sdp) {
    try {
      SessionDescription offer = SdpParser.parse(sdp);
      List<OfferedSection> all = OfferedSections.read(offer);
      List<OfferedSection> live = live(all);
      boolean receiveOnly = true;
      for (OfferedSection section : live) {
        if (!section.direction().receives()) {
          throw direction(section, "a viewer's must be recvonly or sendrecv");
        }
        receiveOnly &= section.direction() == Direction.RECVONLY;
      }
      String received = receiveOnly ? sdp : SdpWriter.write(receiving(offer));
      return new OneWayOffer(received, seats(live), tagged(offer, all));
    } catch (SdpException e) {
      throw new InvalidOfferException(e);
    }
  }

  /// The audio and video that the offerer does not reject itself.
  private static List<OfferedSection> live(List<OfferedSection> offered) {
    return offered.stream().filter(OfferedSection::isLive).toList();
  }

  private static IceFragment.Section tagged(SessionDescription offer, List<OfferedSection> all)
      throws SdpException {
    for (OfferedSection section : Bundle.read(offer, all).sections()) {
      Mid mid = section.mid();
      if (section.isLive() && mid != null) {
        return new IceFragment.Section(section.media().kind(), mid);
      }
    }
    throw new IllegalStateException("all live sections are in the BUNDLE group");
  }

  private static List<SeatParameters> seats(List<OfferedSection> sections) {
    List<Mid> audio = mids(sections, MediaKind.AUDIO);
    List<Mid> video = mids(sections, MediaKind.VIDEO);
    int count = Math.max(audio.size(), video.size());
    var seats = new ArrayList<SeatParameters>();
    for (int i = 0; i < count; i++) {
      seats.add(new SeatParameters(i, at(audio, i), at(video, i)));
    }
    return seats;
  }

  private static List<Mid> mids(List<OfferedSection> sections, MediaKind kind) {
    var mids = new ArrayList<Mid>();
    for (OfferedSection section : sections) {
      Mid mid = section.mid();
      if (section.kind() == kind && mid != null) {
        mids.add(mid);
      }
    }
    return mids;
  }

  private static @Nullable Mid at(List<Mid> mids, int index) {
    return index < mids.size() ? mids.get(index) : null;
  }

  private static SessionDescription receiving(SessionDescription offer) {
    var media = new ArrayList<MediaDescription>();
    for (MediaDescription section : offer.media()) {
      var attributes = new ArrayList<Attribute>();
      for (Attribute attribute : section.attributes().list()) {
        if (!isDirection(attribute)) {
          attributes.add(attribute);
        }
      }
      attributes.add(Direction.RECVONLY.toAttribute());
      media.add(
          new MediaDescription(
              section.kind(),
              section.port(),
              section.protocol(),
              section.formats(),
              new Attributes(attributes),
              section.line()));
    }
    return new SessionDescription(offer.origin(), offer.sessionName(), offer.attributes(), media);
  }

  private static boolean isDirection(Attribute attribute) {
    for (Direction direction : Direction.values()) {
      if (direction.attributeName().equals(attribute.name())) {
        return true;
      }
    }
    return false;
  }

  private static InvalidOfferException direction(OfferedSection section, String expected) {
    String attribute = section.direction().attributeName();
    return new InvalidOfferException(
        "a=" + attribute, "section " + section.mid() + " is " + attribute + "; " + expected);
  }
}
