package org.plenum.broadcast.sound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// libopus and what takes its place are alike, and each understands the other.
class OpusTest {
  private static final int PACKETS = 50;
  private static final double HERTZ = 440;

  @ParameterizedTest
  @CsvSource({"java,java", "java,c", "c,java", "c,c"})
  void aToneComesOutAsItWentIn(String encodes, String decodes) {
    try (SoundEncoder encoder = encoder(encodes);
        SoundDecoder decoder = decoder(decodes)) {
      float[] out = new float[2 * SoundMixer.FRAME];
      double power = 0;
      int crossings = 0;
      float last = 0;
      for (int i = 0; i < PACKETS; i++) {
        byte[] packet = encoder.encode(tone(i));
        assertEquals(SoundMixer.FRAME, OpusPacket.samples(packet));
        assertEquals(SoundMixer.FRAME, decoder.decode(packet, out, SoundMixer.FRAME));
        for (int at = 0; at < SoundMixer.FRAME && i >= PACKETS / 2; at++) {
          power += out[2 * at] * out[2 * at];
          crossings += last < 0 && out[2 * at] >= 0 ? 1 : 0;
          last = out[2 * at];
        }
      }
      double seconds = PACKETS / 2 * 0.02;
      assertEquals(HERTZ * seconds, crossings, 2);
      assertEquals(0.125, power / (PACKETS / 2 * SoundMixer.FRAME), 0.02, "half as loud as can be");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "c"})
  void whatIsLostIsMadeUp(String decodes) {
    try (SoundEncoder encoder = encoder("java");
        SoundDecoder decoder = decoder(decodes)) {
      float[] out = new float[2 * SoundMixer.FRAME];
      for (int i = 0; i < 10; i++) {
        decoder.decode(encoder.encode(tone(i)), out, SoundMixer.FRAME);
      }
      assertEquals(SoundMixer.FRAME, decoder.decode(null, out, SoundMixer.FRAME));
      double power = 0;
      for (float sample : out) {
        power += sample * sample;
      }
      assertTrue(power / out.length > 0.01, "it is the tone still");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "c"})
  void noPacketBreaksADecoder(String decodes) {
    var random = new Random(7);
    try (SoundEncoder encoder = encoder("java");
        SoundDecoder decoder = decoder(decodes)) {
      float[] out = new float[2 * SoundMixer.RATE * 120 / 1000];
      for (int i = 0; i < 3_000; i++) {
        byte[] packet = new byte[random.nextInt(60)];
        random.nextBytes(packet);
        int count = decoder.decode(packet, out, out.length / 2);
        assertTrue(count >= 0 && count <= out.length / 2, count + " samples");
      }
      for (int i = 0; i < 10; i++) {
        byte[] good = encoder.encode(tone(i));
        assertEquals(SoundMixer.FRAME, decoder.decode(good, out, out.length / 2));
      }
    }
  }

  private static SoundEncoder encoder(String which) {
    assumeTrue(which.equals("java") || Libopus.isPresent(), "this test needs Debian's libopus0");
    return which.equals("java") ? new ConcentusEncoder() : Libopus.encoder();
  }

  private static SoundDecoder decoder(String which) {
    assumeTrue(which.equals("java") || Libopus.isPresent(), "this test needs Debian's libopus0");
    return which.equals("java") ? new ConcentusDecoder() : Libopus.decoder();
  }

  /// 20 ms, the same left and right.
  private static float[] tone(int packet) {
    float[] samples = new float[2 * SoundMixer.FRAME];
    for (int i = 0; i < samples.length; i++) {
      double seconds = (packet * SoundMixer.FRAME + i / 2) / (double) SoundMixer.RATE;
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * HERTZ * seconds));
    }
    return samples;
  }
}
