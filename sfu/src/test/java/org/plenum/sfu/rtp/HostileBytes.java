package org.plenum.sfu.rtp;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/// What a network may make of good bytes, the same at each run. Parsers are given arrays of exactly
/// the length they are told, so that a read past the end throws.
public final class HostileBytes {
  private static final int RANDOM_ROUNDS = 20_000;

  private HostileBytes() {}

  /// Every shorter beginning of `whole`, the empty one included.
  public static void truncations(byte[] whole, Consumer<byte[]> parser) {
    for (int length = 0; length < whole.length; length++) {
      parser.accept(Arrays.copyOf(whole, length));
    }
  }

  /// Every single bit of `whole` flipped, then each of these cut at every length.
  public static void flippedBits(byte[] whole, Consumer<byte[]> parser) {
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (0x80 >> bit % 8);
      parser.accept(flipped);
      truncations(flipped, parser);
    }
  }

  /// Seeded noise of 0 to 63 bytes.
  public static void noise(Consumer<byte[]> parser) {
    var random = new Random(9628);
    for (int round = 0; round < RANDOM_ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      parser.accept(bytes);
    }
  }
}
