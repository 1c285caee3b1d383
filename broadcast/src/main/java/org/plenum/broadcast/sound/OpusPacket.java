package org.plenum.broadcast.sound;

/// What the first bytes of an Opus packet say (RFC 6716 §3). Pure.
public final class OpusPacket {
  /// Pairs of samples of [#SILENCE]: 20 ms.
  public static final int SILENCE_SAMPLES = SoundMixer.FRAME;

  private static final byte[] SILENT = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};

  /// §3.2.5: a packet has at most 120 ms.
  private static final int MOST_SAMPLES = SoundMixer.RATE * 120 / 1000;

  /// Samples at 48 kHz in a frame of the SILK configurations, the hybrid ones, and CELT's (§3.1).
  private static final int[] SILK = {480, 960, 1920, 2880};
  private static final int[] HYBRID = {480, 960};
  private static final int[] CELT = {120, 240, 480, 960};

  private static final int FIRST_HYBRID = 12;
  private static final int FIRST_CELT = 16;

  private OpusPacket() {}

  /// A packet that stands for nothing to be heard.
  public static byte[] silence() {
    return SILENT.clone();
  }

  /// How many samples at 48 kHz it stands for; 0 if it is malformed.
  public static int samples(byte[] packet) {
    if (packet.length == 0) {
      return 0;
    }
    int configuration = (packet[0] & 0xFF) >> 3;
    int frame =
        configuration < FIRST_HYBRID
            ? SILK[configuration & 3]
            : configuration < FIRST_CELT ? HYBRID[configuration & 1] : CELT[configuration & 3];
    int frames =
        switch (packet[0] & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> packet.length < 2 ? 0 : packet[1] & 0x3F;
        };
    int samples = frame * frames;
    return samples > MOST_SAMPLES ? 0 : samples;
  }
}
