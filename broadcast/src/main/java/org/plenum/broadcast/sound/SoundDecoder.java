package org.plenum.broadcast.sound;

import org.jspecify.annotations.Nullable;

/// Makes samples of one stream's packets, in their order.
public interface SoundDecoder extends AutoCloseable {
  /// @param packet of Opus; null for one that was lost: what it may have been
  /// @param samples where they go: 48 kHz, left and right by turns, -1 to 1
  /// @param most pairs of samples that are taken; of a lost packet, as many as are made
  /// @return pairs of samples; 0 if the packet cannot be decoded
  int decode(byte @Nullable [] packet, float[] samples, int most);

  @Override
  void close();
}
