package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Rid;
import org.plenum.sfu.SlotParameters;
import org.plenum.sfu.TrackParameters;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.signaling.sdp.Direction;
import org.plenum.signaling.sdp.ExtMap;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.SdpException;

/// Decides section by section what is accepted, and sums it up for the SFU.
final class Sections {
  private final Seats seats;
  private final Extensions extensions;
  private final List<Section> list = new ArrayList<>();
  private final Map<List<Codec>, List<Codec>> sharedCodecs = new HashMap<>();

  Sections(Seats seats, Extensions extensions) {
    this.seats = seats;
    this.extensions = extensions;
  }

  void negotiate(List<OfferedSection> offered) throws SdpException {
    for (OfferedSection section : offered) {
      list.add(negotiate(section));
    }
  }

  /// In the order of the offer.
  List<Section> list() {
    return list;
  }

  /// All ids of what was answered, for reading what comes.
  HeaderExtensionMap extensions() {
    Set<HeaderExtensionMap> maps = new LinkedHashSet<>();
    for (Section section : list) {
      if (section instanceof Section.Accepted accepted) {
        maps.add(extensions.map(accepted.extensions()));
      }
    }
    return HeaderExtensionMap.union(maps);
  }

  List<TrackParameters> tracks(TrackSources sources) throws SdpException {
    var tracks = new ArrayList<TrackParameters>();
    var ssrcs = new Ssrcs();
    for (Section section : list) {
      if (section instanceof Section.Accepted accepted
          && accepted.direction() == Direction.RECVONLY) {
        TrackHint hint = sources.of(accepted.mid());
        tracks.add(
            new TrackParameters(
                accepted.mid(),
                hint.source(),
                accepted.codecs(),
                ssrcs.read(accepted),
                accepted.rids(),
                hint.muted()));
      }
    }
    return tracks;
  }

  List<SlotParameters> slots() {
    var slots = new ArrayList<SlotParameters>();
    for (Section section : list) {
      if (section instanceof Section.Accepted accepted
          && accepted.direction() == Direction.SENDONLY) {
        slots.add(
            new SlotParameters(
                accepted.mid(),
                accepted.kind(),
                accepted.codecs(),
                accepted.fecPayloadType(),
                extensions.map(accepted.extensions())));
      }
    }
    return slots;
  }

  /// Whether the client is to report by RFC 8888: it offers that wherever it receives, offers no
  /// transport-cc, and publishes nothing. In a BUNDLE group there is one kind of feedback for both
  /// ways, and to publishers we send transport-cc only.
  boolean streamFeedback() throws SdpException {
    boolean offered = false;
    for (Section section : list) {
      if (section instanceof Section.Accepted accepted
          && accepted.direction() != Direction.INACTIVE) {
        if (accepted.direction().receives()
            || contains(accepted.extensions(), HeaderExtension.TRANSPORT_CC)
            || !StreamFeedback.isOffered(accepted.offered(), accepted.codecs())) {
          return false;
        }
        offered = true;
      }
    }
    return offered;
  }

  private Section negotiate(OfferedSection offered) throws SdpException {
    MediaDescription media = offered.media();
    Mid mid = offered.mid();
    MediaKind kind = offered.kind();
    if (mid == null || kind == null || !offered.isLive()) {
      return new Section.Rejected(media);
    }
    if (offered.isSlot() && !seats.isWanted(mid, kind)) {
      return new Section.Rejected(media);
    }
    Direction direction = ours(offered.direction());
    List<ExtMap> agreed = extensions.negotiate(media.attributes(), direction);
    boolean transportCc = contains(agreed, HeaderExtension.TRANSPORT_CC);
    List<Codec> codecs = shared(Codecs.negotiate(media, kind, direction.receives(), transportCc));
    if (!codecs.isEmpty()) {
      // Without the header extension nobody could tell the encodings apart.
      boolean layered = direction.receives() && contains(agreed, HeaderExtension.RID);
      List<Rid> rids = layered ? Rids.read(media.attributes(), mid) : List.of();
      int fec =
          direction == Direction.SENDONLY && kind == MediaKind.VIDEO
              ? Codecs.flexFec(media)
              : SlotParameters.NO_FEC;
      return new Section.Accepted(media, mid, kind, direction, codecs, fec, agreed, rids);
    }
    if (direction == Direction.INACTIVE) {
      return new Section.Rejected(media);
    }
    throw new InvalidOfferException(
        "a=rtpmap", "section " + mid + " offers no codec of ours: " + SupportedCodec.names(kind));
  }

  /// The same list for equal ones: an offer has many sections alike, and each slot keeps its
  /// codecs.
  private List<Codec> shared(List<Codec> codecs) {
    List<Codec> mine = List.copyOf(codecs);
    List<Codec> first = sharedCodecs.putIfAbsent(mine, mine);
    return first == null ? mine : first;
  }

  private static boolean contains(List<ExtMap> agreed, HeaderExtension extension) {
    return agreed.stream().anyMatch(entry -> entry.uri().equals(extension.uri()));
  }

  /// A section in which the client sends becomes a track and nothing comes back in it, sendrecv or
  /// not: what it receives, it receives in slots.
  private static Direction ours(Direction offered) {
    return switch (offered) {
      case SENDRECV, SENDONLY -> Direction.RECVONLY;
      case RECVONLY -> Direction.SENDONLY;
      case INACTIVE -> Direction.INACTIVE;
    };
  }
}
