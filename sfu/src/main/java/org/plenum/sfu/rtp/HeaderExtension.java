package org.plenum.sfu.rtp;

/// The header extensions the SFU knows, by their URI. What it does not know is not negotiated.
public enum HeaderExtension {
  MID("urn:ietf:params:rtp-hdrext:sdes:mid"),
  RID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
  REPAIRED_RID("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"),
  TRANSPORT_CC("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"),
  ABS_SEND_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"),
  AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
  VIDEO_ORIENTATION("urn:3gpp:video-orientation"),
  ABS_CAPTURE_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"),
  PLAYOUT_DELAY("http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"),
  VIDEO_CONTENT_TYPE("http://www.webrtc.org/experiments/rtp-hdrext/video-content-type"),
  VIDEO_TIMING("http://www.webrtc.org/experiments/rtp-hdrext/video-timing"),
  COLOR_SPACE("http://www.webrtc.org/experiments/rtp-hdrext/color-space"),
  /// AV1 RTP appendix A; its frame numbers are the slot's own.
  DEPENDENCY_DESCRIPTOR(
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension");

  private final String uri;

  HeaderExtension(String uri) {
    this.uri = uri;
  }

  public String uri() {
    return uri;
  }

  /// Whether the SFU copies it from publisher to viewer (under the viewer's id). The others end at
  /// the SFU.
  public boolean isForwarded() {
    return switch (this) {
      case AUDIO_LEVEL,
          VIDEO_ORIENTATION,
          ABS_CAPTURE_TIME,
          PLAYOUT_DELAY,
          VIDEO_CONTENT_TYPE,
          VIDEO_TIMING,
          COLOR_SPACE,
          DEPENDENCY_DESCRIPTOR ->
          true;
      case MID, RID, REPAIRED_RID, TRANSPORT_CC, ABS_SEND_TIME -> false;
    };
  }
}
