package org.plenum.bench.browser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A sound without a pause, for fake microphones.
public final class Tone {
  private static final int RATE = 48_000;
  private static final int SECONDS = 10;
  private static final int HERTZ = 440;
  private static final int HEADER = 44;

  private Tone() {}

  /// 16-bit PCM, one channel: whole waves, so that it can be repeated.
  public static void write(Path file) throws IOException {
    int bytes = RATE * SECONDS * 2;
    ByteBuffer wav = ByteBuffer.allocate(HEADER + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(ascii("RIFF")).putInt(HEADER - 8 + bytes).put(ascii("WAVEfmt ")).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
    wav.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(bytes);
    for (int i = 0; i < RATE * SECONDS; i++) {
      wav.putShort((short) (8000 * Math.sin(2 * Math.PI * HERTZ * i / RATE)));
    }
    Files.write(file, wav.array());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
