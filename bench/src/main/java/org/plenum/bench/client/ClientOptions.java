package org.plenum.bench.client;

import org.plenum.sfu.srtp.SrtpProfile;

/// What a publisher sends, and how clients protect it.
///
/// @param videoBps 0: no video
/// @param framesPerSecond of video
/// @param shape of the video
/// @param audio whether there is sound: 50 packets of [#AUDIO_BYTES] a second
/// @param window frames of one source on their way at once, sent as soon as they fit, instead of at
///     a rate; 0: at a rate
public record ClientOptions(
    long videoBps,
    int framesPerSecond,
    VideoShape shape,
    boolean audio,
    SrtpProfile profile,
    int window) {
  /// Opus at about 32 kbit/s.
  static final int AUDIO_BYTES = 80;

  /// An Opus frame.
  static final long AUDIO_INTERVAL_NANOS = 20_000_000;

  public ClientOptions {
    if (framesPerSecond < 1 || framesPerSecond > 1000) {
      throw new IllegalArgumentException(
          "frames per second must be 1 to 1000, not " + framesPerSecond);
    }
    if (videoBps < 0 || videoBps > 1_000_000_000L) {
      throw new IllegalArgumentException("video must be 0 to 1000000 kbit/s");
    }
    if (videoBps == 0 && !audio) {
      throw new IllegalArgumentException("neither audio nor video: nothing to send");
    }
  }

  public boolean video() {
    return videoBps > 0;
  }
}
