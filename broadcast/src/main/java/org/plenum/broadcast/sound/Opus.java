package org.plenum.broadcast.sound;

/// Encoders and decoders of Opus: libopus where it is installed, else the same in Java, which takes
/// some times as long.
public final class Opus {
  private Opus() {}

  /// To be closed.
  public static SoundDecoder decoder() {
    return Libopus.isPresent() ? Libopus.decoder() : new ConcentusDecoder();
  }

  /// To be closed.
  public static SoundEncoder encoder() {
    return Libopus.isPresent() ? Libopus.encoder() : new ConcentusEncoder();
  }
}
