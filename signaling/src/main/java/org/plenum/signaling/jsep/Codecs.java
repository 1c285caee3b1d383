package org.plenum.signaling.jsep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.Codec.Feedback;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.SlotParameters;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.FormatParameters;
import org.plenum.signaling.sdp.MediaDescription;
import org.plenum.signaling.sdp.RtcpFeedback;
import org.plenum.signaling.sdp.RtpMap;
import org.plenum.signaling.sdp.SdpException;

/// Negotiates the codecs of one section (RFC 3264 §6.1): those of [SupportedCodec#TABLE] in the
/// client's order and under its payload types.
final class Codecs {
  private static final String RTX = "rtx";
  private static final String RED = "red";
  static final String FLEX_FEC = "flexfec-03";
  static final int FLEX_FEC_CLOCK_RATE = 90_000;

  private final MediaDescription media;
  private final Map<Integer, RtpMap> maps = new HashMap<>();
  private final Map<Integer, Attribute> formatParameters = new HashMap<>();
  private final List<RtcpFeedback> feedback = new ArrayList<>();

  private Codecs(MediaDescription media) throws SdpException {
    this.media = media;
    Set<String> formats = new HashSet<>(media.formats());
    for (Attribute attribute : media.attributes().all("rtpmap")) {
      RtpMap map = RtpMap.parse(attribute);
      if (formats.contains(Integer.toString(map.payloadType()))) {
        maps.putIfAbsent(map.payloadType(), map);
      }
    }
    for (Attribute attribute : media.attributes().all("fmtp")) {
      formatParameters.putIfAbsent(FormatParameters.payloadType(attribute), attribute);
    }
    for (Attribute attribute : media.attributes().all("rtcp-fb")) {
      feedback.add(RtcpFeedback.parse(attribute));
    }
  }

  /// Each supported codec and profile once, with the first payload type offered for it; maybe none.
  ///
  /// @param track whether the client sends here, not we
  /// @param transportCc whether its header extension was negotiated; without it the feedback is
  /// void
  static List<Codec> negotiate(
      MediaDescription media, MediaKind kind, boolean track, boolean transportCc)
      throws SdpException {
    return new Codecs(media).negotiate(kind, track, transportCc);
  }

  /// The payload type of repair packets that the client takes, or [SlotParameters#NO_FEC].
  static int flexFec(MediaDescription media) throws SdpException {
    var codecs = new Codecs(media);
    for (String format : media.formats()) {
      RtpMap map = codecs.map(format);
      if (map != null
          && map.encodingName().equalsIgnoreCase(FLEX_FEC)
          && map.clockRate() == FLEX_FEC_CLOCK_RATE) {
        return map.payloadType();
      }
    }
    return SlotParameters.NO_FEC;
  }

  private List<Codec> negotiate(MediaKind kind, boolean track, boolean transportCc)
      throws SdpException {
    var chosen = new ArrayList<Codec>();
    for (String format : media.formats()) {
      RtpMap map = map(format);
      SupportedCodec supported = map == null ? null : SupportedCodec.find(kind, map);
      if (map == null || supported == null) {
        continue;
      }
      Set<Feedback> wanted = track ? supported.trackFeedback() : supported.slotFeedback();
      Codec codec =
          new Codec(
              supported.name(),
              map.payloadType(),
              supported.retransmitted() ? rtxOf(map) : Codec.NO_RTX,
              supported.repeated() ? redOf(map) : Codec.NO_RED,
              agreed(map.payloadType(), wanted, transportCc),
              parameters(map.payloadType()));
      if (chosen.stream().noneMatch(codec::matches)) {
        chosen.add(codec);
      }
    }
    return chosen;
  }

  private @Nullable RtpMap map(String format) {
    return format.length() > 3 || !format.chars().allMatch(c -> c >= '0' && c <= '9')
        ? null
        : maps.get(Integer.parseInt(format));
  }

  /// RFC 4588 §8.1: the retransmissions' own payload type names the original by `apt`.
  private int rtxOf(RtpMap original) throws SdpException {
    String apt = Integer.toString(original.payloadType());
    for (RtpMap map : maps.values()) {
      if (map.encodingName().equalsIgnoreCase(RTX)
          && map.clockRate() == original.clockRate()
          && apt.equals(parameters(map.payloadType()).get("apt"))) {
        return map.payloadType();
      }
    }
    return Codec.NO_RTX;
  }

  /// RFC 2198 §5: the format parameters name the payload type of each block, the primary one first;
  /// we send and take blocks of one codec.
  private int redOf(RtpMap primary) throws SdpException {
    for (RtpMap map : maps.values()) {
      if (map.encodingName().equalsIgnoreCase(RED)
          && map.clockRate() == primary.clockRate()
          && map.channels() == primary.channels()
          && isOnlyOf(parameters(map.payloadType()), primary.payloadType())) {
        return map.payloadType();
      }
    }
    return Codec.NO_RED;
  }

  private static boolean isOnlyOf(Map<String, String> parameters, int payloadType) {
    String wanted = Integer.toString(payloadType);
    return parameters.size() == 1
        && Arrays.stream(parameters.keySet().iterator().next().split("/", -1))
            .allMatch(wanted::equals);
  }

  private Set<Feedback> agreed(int payloadType, Set<Feedback> wanted, boolean transportCc) {
    var agreed = EnumSet.noneOf(Feedback.class);
    for (RtcpFeedback offered : feedback) {
      Feedback kind = FeedbackNames.find(offered.value());
      if (kind != null && offered.concerns(payloadType) && wanted.contains(kind)) {
        agreed.add(kind);
      }
    }
    if (!transportCc) {
      agreed.remove(Feedback.TRANSPORT_CC);
    }
    return agreed;
  }

  private Map<String, String> parameters(int payloadType) throws SdpException {
    Attribute attribute = formatParameters.get(payloadType);
    return attribute == null ? Map.of() : FormatParameters.parse(attribute).values();
  }
}
