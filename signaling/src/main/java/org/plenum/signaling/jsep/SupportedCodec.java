package org.plenum.signaling.jsep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec.Feedback;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.MediaKind;
import org.plenum.signaling.sdp.RtpMap;

/// How one codec is negotiated. [#TABLE] is the only place that knows codecs apart.
///
/// @param retransmitted whether RTX is negotiated for it (RFC 4588)
/// @param repeated whether redundancy is negotiated for it (RFC 2198)
/// @param trackFeedback what we send to publishers
/// @param slotFeedback what we take from viewers
/// @param echoedParameters format parameters that the answer repeats: what they ask of a
///     sender holds for a forwarded stream as well; a sender's own declarations (sprop-…) are
///     not ours to repeat
record SupportedCodec(
    CodecName name,
    boolean retransmitted,
    boolean repeated,
    Set<Feedback> trackFeedback,
    Set<Feedback> slotFeedback,
    Set<String> echoedParameters) {
  private static final String IN_BAND_FEC = "useinbandfec";

  /// REMB is taken from viewers as a ceiling but never sent.
  static final List<SupportedCodec> TABLE =
      List.of(
          new SupportedCodec(
              CodecName.OPUS,
              false,
              true,
              Set.of(Feedback.NACK, Feedback.TRANSPORT_CC),
              Set.of(Feedback.NACK, Feedback.TRANSPORT_CC, Feedback.REMB),
              // RFC 7587 §6.1; minptime is Chromium's (RFC 7587's draft)
              Set.of(
                  "maxplaybackrate",
                  "maxaveragebitrate",
                  "maxptime",
                  "minptime",
                  "ptime",
                  "stereo",
                  "cbr",
                  IN_BAND_FEC,
                  "usedtx")),
          video(CodecName.VP8),
          // RFC 6184 §8.1
          video(
              CodecName.H264, "profile-level-id", "packetization-mode", "level-asymmetry-allowed"),
          // RFC 9628 §7.1
          video(CodecName.VP9, "profile-id"),
          // AV1 RTP §7.2.1
          video(CodecName.AV1, "profile", "level-idx", "tier"),
          // RFC 7798 §7.1
          video(CodecName.H265, "profile-id", "tier-flag", "level-id", "tx-mode"));

  private static SupportedCodec video(CodecName name, String... echoedParameters) {
    return new SupportedCodec(
        name,
        true,
        false,
        Set.of(Feedback.NACK, Feedback.PLI, Feedback.FIR, Feedback.TRANSPORT_CC),
        Set.of(
            Feedback.NACK,
            Feedback.PLI,
            Feedback.FIR,
            Feedback.TRANSPORT_CC,
            Feedback.REMB,
            Feedback.RECEIVER_REFERENCE_TIME),
        Set.of(echoedParameters));
  }

  /// The codec that an `a=rtpmap` of a section of `kind` means, or null.
  static @Nullable SupportedCodec find(MediaKind kind, RtpMap map) {
    for (SupportedCodec codec : TABLE) {
      CodecName name = codec.name;
      if (name.kind() == kind
          && name.encodingName().equalsIgnoreCase(map.encodingName())
          && name.clockRate() == map.clockRate()
          && name.channels() == map.channels()) {
        return codec;
      }
    }
    return null;
  }

  static SupportedCodec of(CodecName name) {
    for (SupportedCodec codec : TABLE) {
      if (codec.name == name) {
        return codec;
      }
    }
    throw new IllegalStateException("no table entry for " + name);
  }

  /// Names of the codecs of a kind, for messages.
  static String names(MediaKind kind) {
    return TABLE.stream()
        .map(SupportedCodec::name)
        .filter(name -> name.kind() == kind)
        .map(CodecName::encodingName)
        .collect(Collectors.joining(", "));
  }

  /// What the answer asks of a publisher, in alphabetical order: what the offer asks for, and of
  /// Opus that lost packets can be restored from the next, which every decoder can (RFC 7587 §6.1),
  /// unless the offer speaks against it.
  Map<String, String> asked(Map<String, String> offered) {
    if (name != CodecName.OPUS || offered.containsKey(IN_BAND_FEC)) {
      return echoed(offered);
    }
    var asked = new TreeMap<>(echoed(offered));
    asked.put(IN_BAND_FEC, "1");
    return asked;
  }

  /// What of the offered parameters the answer repeats, in alphabetical order.
  Map<String, String> echoed(Map<String, String> offered) {
    var echoed = new LinkedHashMap<String, String>();
    for (String name : offered.keySet().stream().sorted().toList()) {
      if (echoedParameters.contains(name)) {
        echoed.put(name, offered.getOrDefault(name, ""));
      }
    }
    return echoed;
  }
}
