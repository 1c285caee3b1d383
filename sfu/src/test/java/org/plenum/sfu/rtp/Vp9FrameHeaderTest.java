package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Beginnings of key frames of libvpx (Debian's ffmpeg, `testsrc`), and hand-made ones.
class Vp9FrameHeaderTest {
  private static final String PROFILE_0 = "8249834200280016660638241C184A1006685F7F";

  private final SizeReader reader = new Vp9FrameHeader()::parse;

  private String read(String hex) {
    return reader.read(Hex.bytes(hex));
  }

  @ParameterizedTest
  @CsvSource({
    "641x359, " + PROFILE_0,
    "641x359, A249834200050002CCC0C70483830942010E5F7F", // profile 1, 4:4:4
    "640x360, A2498342E027F016760638241C184A1009785FC5", // profile 1, RGB
    "640x360, 924983420013F80B3B031C120E0C2C08038C5F7D", // profile 2, 10 bits
    "640x360, B124C1A142013F80B3B031C120E0C2E0803C805F", // profile 3, 12 bits, 4:2:2
  })
  void readsTheKeyFramesOfLibvpx(String size, String hex) {
    assertEquals(size, read(hex));
  }

  @Test
  void onlyAKeyFrameHasASize() {
    assertEquals("none", read("86" + PROFILE_0.substring(2)), "an inter frame");
    assertEquals("none", read("8A" + PROFILE_0.substring(2)), "a frame shown again");
  }

  @Test
  void refusesWhatIsNoHeader() {
    assertEquals("none", read("42" + PROFILE_0.substring(2)), "frame marker 1");
    assertEquals("none", read("82498343" + PROFILE_0.substring(8)), "another sync code");
    assertEquals("none", read("B924C1A142013F80B3B031C120E0C2E0803C805F"), "profile 4");
    assertEquals("none", read("82498342E0280016660638"), "RGB in profile 0");
    assertEquals("none", read("A2498342F027F016760638"), "the reserved bit behind RGB");
  }

  @Test
  void readsTheGreatestSize() { // frame_width_minus_1 and frame_height_minus_1 of 16 bits
    assertEquals("65536x65536", read("82498342 0F FFFF FFFF 00"));
    assertEquals("1x1", read("82498342 00 0000 0000 00"));
  }

  @Test
  void neverReadsPastTheEndWhateverTheBytes() {
    reader.survivesHostileBytes(Hex.bytes(PROFILE_0));
    reader.survivesHostileBytes(Hex.bytes("B124C1A142013F80B3B031C120E0C2E0803C805F"));
  }
}
