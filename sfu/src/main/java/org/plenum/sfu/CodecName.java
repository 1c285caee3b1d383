package org.plenum.sfu;

import java.util.Map;

/// The codecs the SFU forwards; the RTP encoding names of their registrations.
public enum CodecName {
  OPUS("opus", MediaKind.AUDIO, 48_000, 2),
  VP8("VP8", MediaKind.VIDEO, 90_000, 1),
  H264("H264", MediaKind.VIDEO, 90_000, 1),
  VP9("VP9", MediaKind.VIDEO, 90_000, 1),
  AV1("AV1", MediaKind.VIDEO, 90_000, 1),
  H265("H265", MediaKind.VIDEO, 90_000, 1);

  private final String encodingName;
  private final MediaKind kind;
  private final int clockRate;
  private final int channels;

  CodecName(String encodingName, MediaKind kind, int clockRate, int channels) {
    this.encodingName = encodingName;
    this.kind = kind;
    this.clockRate = clockRate;
    this.channels = channels;
  }

  /// As in a=rtpmap; compare ignoring case.
  public String encodingName() {
    return encodingName;
  }

  public MediaKind kind() {
    return kind;
  }

  /// Timestamp units per second.
  public int clockRate() {
    return clockRate;
  }

  public int channels() {
    return channels;
  }

  /// What format parameters say about which decoders take the stream, in a form that can be
  /// compared; empty where all decoders of this name do.
  ///
  /// @param parameters by lower-case name
  public String profile(Map<String, String> parameters) {
    return switch (this) {
      case OPUS, VP8 -> "";
      case H264 ->
          H264Profile.of(parameters)
              + " mode "
              + parameters.getOrDefault("packetization-mode", "0");
      case VP9 -> parameters.getOrDefault("profile-id", "0");
      case AV1 -> parameters.getOrDefault("profile", "0");
      case H265 ->
          parameters.getOrDefault("profile-id", "1")
              + " tier "
              + parameters.getOrDefault("tier-flag", "0");
    };
  }
}
