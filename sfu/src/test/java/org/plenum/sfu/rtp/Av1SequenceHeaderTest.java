package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// OBUs of libaom (Debian's ffmpeg, `testsrc`), which have their size in them, and hand-made ones
/// for what it does not write.
class Av1SequenceHeaderTest {
  private static final String LIBAOM = "0A0B 0000000CC5016636BE4010";

  /// OBU header; profile 0, no still picture.
  private static final String HEAD = "0 0001 0 0 0" + "000 0 0";

  /// 10 bits for the width, 9 for the height.
  private static final String SIZE =
      Bits.of(9, 4) + Bits.of(8, 4) + Bits.of(639, 10) + Bits.of(359, 9);

  private final SizeReader reader = new Av1SequenceHeader()::parse;

  private String read(String... bits) {
    return reader.read(Bits.bytes(String.join("", bits)));
  }

  @ParameterizedTest
  @CsvSource({
    "641x359, " + LIBAOM,
    "641x359, 08 0000000CC5016636BE4010", // the same without its size, as in RTP
    "641x359, 0E 00 8B00 0000000CC5016636BE4010", // with extension, size in two bytes
    "1280x720, 0A07 396A67FD9ED420", // a still picture with a reduced header
  })
  void readsTheHeadersOfLibaom(String size, String hex) {
    assertEquals(size, reader.read(Hex.bytes(hex)));
  }

  @Test
  void passesOverTimingAndDecoderModel() {
    String timing = "1" + Bits.of(1, 32) + Bits.of(30, 32) + "1" + Bits.ue(5);
    String model = "1" + Bits.of(9, 5) + Bits.of(1, 32) + Bits.of(9, 5) + Bits.of(9, 5);
    // two points: of level 12 with tier, parameters (2 · 10 + 1 bits) and delay; of level 5 without
    String first = Bits.of(0x303, 12) + Bits.of(12, 5) + "1" + "1" + "10".repeat(10) + "1";
    String second = Bits.of(0x101, 12) + Bits.of(5, 5);
    String delayed = "1" + Bits.of(1, 5) + first + "1" + Bits.of(3, 4) + second + "0" + "0";
    assertEquals("640x360", read(HEAD, timing, model, delayed, SIZE));
    String undelayed = "0" + Bits.of(1, 5) + first + second + "0";
    assertEquals("640x360", read(HEAD, timing, model, undelayed, SIZE));
    String plain = "0" + Bits.of(0, 5) + Bits.of(0, 12) + Bits.of(7, 5);
    assertEquals("640x360", read(HEAD, timing, "0", plain, SIZE), "the model is forgotten");
    String unequal = "1" + Bits.of(1, 32) + Bits.of(30, 32) + "0" + "0";
    assertEquals("640x360", read(HEAD, unequal, plain, SIZE));
  }

  @Test
  void readsAllOperatingPoints() {
    String point = Bits.of(0xFFF, 12) + Bits.of(8, 5) + "0";
    assertEquals("640x360", read(HEAD, "0 0", Bits.of(31, 5), point.repeat(32), SIZE));
  }

  @Test
  void refusesReservedProfiles() {
    String reduced = "1 1" + Bits.of(5, 5) + SIZE;
    assertEquals("640x360", read("0 0001 0 0 0", "010", reduced));
    assertEquals("none", read("0 0001 0 0 0", "011", reduced));
  }

  @Test
  void readsTheGreatestAndTheSmallestSize() {
    String reduced = "0 0001 0 0 0" + "000 1 1" + Bits.of(5, 5);
    assertEquals("65536x65536", read(reduced, Bits.of(0xFF, 8), "1".repeat(32)));
    assertEquals("1x1", read(reduced, Bits.of(0, 8), "00"));
  }

  @Test
  void neverReadsPastTheEndWhateverTheBytes() {
    reader.survivesHostileBytes(Hex.bytes(LIBAOM));
    reader.survivesHostileBytes(Hex.bytes("0A07 396A67FD9ED420"));
  }
}
