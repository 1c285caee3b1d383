package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.signaling.sdp.Direction;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SessionDescription;

/// Reads the sections of an offer and checks what names them: `a=mid` (RFC 5888 §4) and the
/// protocol.
final class OfferedSections {
  private OfferedSections() {}

  static List<OfferedSection> read(SessionDescription offer) throws SdpException {
    var sections = new ArrayList<OfferedSection>();
    Set<String> seen = new HashSet<>();
    for (MediaDescription media : offer.media()) {
      OfferedSection section =
          new OfferedSection(media, mid(media), kind(media), Direction.of(media, offer));
      Mid mid = section.mid();
      if (mid != null && !seen.add(mid.value())) {
        throw new InvalidOfferException("a=mid", "two sections have the mid " + mid);
      }
      if (section.isLive()) {
        requireProtocol(section);
      }
      sections.add(section);
    }
    if (sections.stream().noneMatch(OfferedSection::isLive)) {
      throw new InvalidOfferException("m=", "the offer has no live audio or video section");
    }
    return sections;
  }

  private static @Nullable Mid mid(MediaDescription media) throws SdpException {
    String value = media.attributes().only("mid");
    if (value == null) {
      if (media.isRejected()) {
        return null;
      }
      throw new InvalidOfferException(
          "a=mid", "the section at line " + media.line() + " has no mid");
    }
    try {
      return new Mid(value);
    } catch (IllegalArgumentException e) {
      throw new InvalidOfferException(
          "a=mid", "the section at line " + media.line() + ": " + e.getMessage());
    }
  }

  private static @Nullable MediaKind kind(MediaDescription media) {
    return switch (media.kind()) {
      case "audio" -> MediaKind.AUDIO;
      case "video" -> MediaKind.VIDEO;
      default -> null;
    };
  }

  /// RFC 9429 §5.1.2 lists the protocols to be taken; all of them mean SRTP with feedback here. RFC
  /// 8843 §9.3 wants rtcp-mux in every bundled RTP section.
  private static void requireProtocol(OfferedSection section) {
    String protocol = section.media().protocol();
    if (!protocol.endsWith("RTP/SAVPF")) {
      throw new InvalidOfferException(
          "m=", "section " + section.mid() + " must be UDP/TLS/RTP/SAVPF, not " + protocol);
    }
    if (!section.media().attributes().has("rtcp-mux")
        && !section.media().attributes().has("rtcp-mux-only")) {
      throw new InvalidOfferException(
          "a=rtcp-mux", "section " + section.mid() + " does not offer rtcp-mux");
    }
  }
}
