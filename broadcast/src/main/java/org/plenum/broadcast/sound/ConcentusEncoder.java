package org.plenum.broadcast.sound;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.util.Arrays;

/// Encodes Opus without libopus. One thread at a time.
final class ConcentusEncoder implements SoundEncoder {
  private static final int CHANNELS = 2;

  private final OpusEncoder encoder;
  private final short[] input = new short[CHANNELS * SoundMixer.FRAME];
  private final byte[] output = new byte[Libopus.MOST_BYTES];

  ConcentusEncoder() {
    try {
      encoder = new OpusEncoder(SoundMixer.RATE, CHANNELS, OpusApplication.OPUS_APPLICATION_AUDIO);
    } catch (OpusException e) {
      throw new IllegalStateException("no encoder of Opus", e);
    }
    encoder.setBitrate(Libopus.BITRATE_BPS);
    encoder.setComplexity(Libopus.COMPLEXITY);
  }

  @Override
  public byte[] encode(float[] samples) {
    for (int i = 0; i < input.length; i++) {
      input[i] =
          (short) Math.clamp(samples[i] * -Short.MIN_VALUE, Short.MIN_VALUE, Short.MAX_VALUE);
    }
    try {
      int length = encoder.encode(input, 0, SoundMixer.FRAME, output, 0, output.length);
      return Arrays.copyOf(output, length);
    } catch (OpusException e) {
      throw new IllegalStateException("no packet of Opus", e);
    }
  }

  @Override
  public void close() {}
}
