package org.plenum.broadcast.sound;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import org.jspecify.annotations.Nullable;

/// Decodes Opus without libopus. One thread at a time.
final class ConcentusDecoder implements SoundDecoder {
  private static final int CHANNELS = 2;

  /// RFC 6716 §3.2.5: a packet has at most 120 ms.
  private static final int MOST_SAMPLES = SoundMixer.RATE * 120 / 1000;

  private final OpusDecoder decoder;
  private final short[] decoded = new short[CHANNELS * MOST_SAMPLES];

  ConcentusDecoder() {
    try {
      decoder = new OpusDecoder(SoundMixer.RATE, CHANNELS);
    } catch (OpusException e) {
      throw new IllegalStateException("no decoder of Opus", e);
    }
  }

  @Override
  public int decode(byte @Nullable [] packet, float[] samples, int most) {
    int limit = Math.min(Math.min(most, MOST_SAMPLES), samples.length / CHANNELS);
    int count = packet == null ? conceal(limit) : decode(packet, limit);
    for (int i = 0; i < count * CHANNELS; i++) {
      samples[i] = decoded[i] / (float) -Short.MIN_VALUE;
    }
    return count;
  }

  @Override
  public void close() {}

  /// It is an empty packet that stands for a lost one.
  private int conceal(int most) {
    try {
      return Math.max(0, decoder.decode(null, 0, 0, decoded, 0, most, false));
    } catch (OpusException | RuntimeException e) {
      return 0;
    }
  }

  /// Anybody may send any packet, and the library throws what it likes at some of them.
  private int decode(byte[] packet, int most) {
    if (OpusPacket.samples(packet) == 0) {
      return 0;
    }
    try {
      return Math.max(0, decoder.decode(packet, 0, packet.length, decoded, 0, most, false));
    } catch (OpusException | RuntimeException | AssertionError e) {
      decoder.resetState();
      return 0;
    }
  }
}
