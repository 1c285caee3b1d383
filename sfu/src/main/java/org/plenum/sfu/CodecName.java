package org.plenum.sfu;

/// The codecs the SFU forwards; the RTP encoding names of their registrations.
public enum CodecName {
  OPUS("opus", MediaKind.AUDIO, 48_000, 2),
  VP8("VP8", MediaKind.VIDEO, 90_000, 1);

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
}
