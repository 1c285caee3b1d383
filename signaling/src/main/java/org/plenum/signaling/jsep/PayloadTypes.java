package org.plenum.signaling.jsep;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.MediaKind;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.FormatParameters;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.RtpMap;
import org.plenum.signaling.sdp.SdpException;

/// Checks the payload types of a BUNDLE group: all sections share one RTP session, so each stands
/// for one codec (RFC 9143 §9.1), and none for what RTCP's packet types look like (RFC 5761 §4).
final class PayloadTypes {
  private static final int FIRST_OF_RTCP = 64;
  private static final int LAST_OF_RTCP = 95;
  private static final String RTX = "rtx";
  private static final String RED = "red/48000/2";
  private static final String FLEX_FEC = Codecs.FLEX_FEC + "/" + Codecs.FLEX_FEC_CLOCK_RATE;

  private final Map<Integer, Use> uses = new HashMap<>();

  private PayloadTypes() {}

  /// A payload type in one section.
  ///
  /// @param name encoding, clock rate and channels
  /// @param codec if it is one of ours
  private record Use(OfferedSection section, String name, @Nullable Codec codec) {
    /// What is none of ours is not answered, and may stand for anything.
    boolean isUsed() {
      return codec != null
          || name.startsWith(RTX + "/")
          || name.equals(RED)
          || name.equals(FLEX_FEC);
    }

    boolean isSame(Use other) {
      return codec == null || other.codec == null
          ? name.equals(other.name)
          : codec.matches(other.codec);
    }
  }

  static void require(List<OfferedSection> offered) throws SdpException {
    var types = new PayloadTypes();
    for (OfferedSection section : offered) {
      MediaKind kind = section.kind();
      if (section.isLive() && kind != null) {
        types.add(section, kind);
      }
    }
  }

  private void add(OfferedSection section, MediaKind kind) throws SdpException {
    MediaDescription media = section.media();
    for (int type = FIRST_OF_RTCP; type <= LAST_OF_RTCP; type++) {
      if (media.formats().contains(Integer.toString(type))) {
        throw new InvalidOfferException(
            "m=",
            "section "
                + section.mid()
                + " has the payload type "
                + type
                + ", which rtcp-mux keeps for RTCP, as all from 64 to 95 (RFC 5761 §4)");
      }
    }
    Map<Integer, Map<String, String>> parameters = new HashMap<>();
    for (Attribute attribute : media.attributes().all("fmtp")) {
      parameters.putIfAbsent(
          FormatParameters.payloadType(attribute), FormatParameters.parse(attribute).values());
    }
    for (Attribute attribute : media.attributes().all("rtpmap")) {
      RtpMap map = RtpMap.parse(attribute);
      if (media.formats().contains(Integer.toString(map.payloadType()))) {
        add(use(section, kind, map, parameters.getOrDefault(map.payloadType(), Map.of())), map);
      }
    }
  }

  private void add(Use use, RtpMap map) {
    Use before = uses.putIfAbsent(map.payloadType(), use);
    if (before != null && !before.isSame(use) && (before.isUsed() || use.isUsed())) {
      throw new InvalidOfferException(
          "a=rtpmap",
          "payload type "
              + map.payloadType()
              + " is "
              + before.name()
              + " in section "
              + before.section().mid()
              + " and "
              + use.name()
              + (before.name().equals(use.name()) ? " of another profile" : "")
              + " in section "
              + use.section().mid()
              + ": in a BUNDLE group it stands for one codec (RFC 9143 §9.1)");
    }
  }

  private static Use use(
      OfferedSection section, MediaKind kind, RtpMap map, Map<String, String> parameters) {
    SupportedCodec supported = SupportedCodec.find(kind, map);
    String channels = map.channels() > 1 ? "/" + map.channels() : "";
    return new Use(
        section,
        map.encodingName().toLowerCase(Locale.ROOT) + "/" + map.clockRate() + channels,
        supported == null
            ? null
            : new Codec(supported.name(), map.payloadType(), Codec.NO_RTX, Set.of(), parameters));
  }
}
