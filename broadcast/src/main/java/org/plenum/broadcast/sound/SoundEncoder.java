package org.plenum.broadcast.sound;

/// Makes one packet of Opus after another.
public interface SoundEncoder extends AutoCloseable {
  /// @param samples 20 ms of 48 kHz, left and right by turns, -1 to 1
  byte[] encode(float[] samples);

  @Override
  void close();
}
