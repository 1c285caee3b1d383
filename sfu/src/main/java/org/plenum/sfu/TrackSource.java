package org.plenum.sfu;

/// Where a track comes from, as its publisher says. A seat shows one source pair: microphone and
/// camera, or screen and its sound.
public enum TrackSource {
  MICROPHONE(MediaKind.AUDIO),
  CAMERA(MediaKind.VIDEO),
  SCREEN_AUDIO(MediaKind.AUDIO),
  SCREEN(MediaKind.VIDEO);

  private final MediaKind kind;

  TrackSource(MediaKind kind) {
    this.kind = kind;
  }

  public MediaKind kind() {
    return kind;
  }

  /// Whether this source is part of a screen share.
  public boolean isScreen() {
    return this == SCREEN || this == SCREEN_AUDIO;
  }
}
