package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sets of x265 3.5 (Debian's ffmpeg, `testsrc`) without their NAL unit header, and hand-made ones
/// for what it does not write.
class H265SequenceParameterSetTest {
  private static final String MAIN =
      "01016000000300900000030000030078A003C0801107CB965654A4C2F0168080000003008000000504";

  private static final String PROFILE = "10".repeat(44);
  private static final String LEVEL = "01011101";

  /// Set 0 of 4:2:0, 1280 by 728, cropped by 4 units at the bottom.
  private static final String SIZE =
      Bits.ue(0)
          + Bits.ue(1)
          + Bits.ue(1280)
          + Bits.ue(728)
          + "1"
          + Bits.ue(0).repeat(3)
          + Bits.ue(4);

  private final SizeReader reader = new H265SequenceParameterSet()::parse;

  private String read(String... bits) {
    return reader.read(Bits.bytes(String.join("", bits)));
  }

  /// Video parameter set 0, so many sub-layers, nesting.
  private static String head(int subLayersMinus1) {
    return "0000" + Bits.of(subLayersMinus1, 3) + "1" + PROFILE + LEVEL;
  }

  @ParameterizedTest
  @CsvSource({
    "1920x1080, " + MAIN, // no cropping: a multiple of the smallest block
    "854x478, 010408000003009D0800000300005AB006C201E1CD7965654A4C2F0168080000030008000003005040",
    "333x251, 010408000003009E0800000300003C9001510080E49B2CACA94985E02D010000030001000003000A08",
  }) // 4:2:0, 4:2:2, 4:4:4
  void readsTheSetsOfX265(String size, String hex) {
    assertEquals(size, reader.read(Hex.bytes(hex)));
  }

  @Test
  void passesOverSubLayers() {
    assertEquals("1280x720", read(head(0), SIZE));
    String none = "0".repeat(16);
    assertEquals("1280x720", read(head(1), none, SIZE));
    // the first has a profile and a level, the second a level, the third a profile
    String some = "11 01 10" + "0".repeat(10) + PROFILE + LEVEL + LEVEL + PROFILE;
    assertEquals("1280x720", read(head(3), some, SIZE));
    String all = "11".repeat(6) + "0000" + (PROFILE + LEVEL).repeat(6);
    assertEquals("1280x720", read(head(6), all, SIZE));
    assertEquals("none", read(head(7), "11".repeat(8) + (PROFILE + LEVEL).repeat(7), SIZE));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    String size = Bits.ue(640) + Bits.ue(360) + "0";
    assertEquals("640x360", read(head(0), Bits.ue(15), Bits.ue(0), size));
    assertEquals("none", read(head(0), Bits.ue(16), Bits.ue(0), size));
    assertEquals("640x360", read(head(0), Bits.ue(0), Bits.ue(3), "1", size));
    assertEquals("none", read(head(0), Bits.ue(0), Bits.ue(4), size));
    String[] sizes = {
      Bits.ue(0) + Bits.ue(360), Bits.ue(640) + Bits.ue(0), Bits.ue(65_537) + Bits.ue(360)
    };
    for (String wrong : sizes) {
      assertEquals("none", read(head(0), Bits.ue(0), Bits.ue(1), wrong, "0"));
    }
    String greatest = Bits.ue(65_536) + Bits.ue(65_536) + "0";
    assertEquals("65536x65536", read(head(0), Bits.ue(0), Bits.ue(1), greatest));
  }

  @Test
  void refusesToCropAllAway() {
    String size = Bits.ue(0) + Bits.ue(2) + Bits.ue(16) + Bits.ue(16) + "1";
    String across = Bits.ue(0).repeat(2);
    assertEquals("16x1", read(head(0), size, across, Bits.ue(7), Bits.ue(8)));
    assertEquals("none", read(head(0), size, across, Bits.ue(8), Bits.ue(8)));
  }

  @Test
  void neverReadsPastTheEndWhateverTheBytes() {
    reader.survivesHostileBytes(Hex.bytes(MAIN));
    reader.survivesHostileBytes(Bits.bytes(head(1) + "0".repeat(16) + SIZE));
  }
}
