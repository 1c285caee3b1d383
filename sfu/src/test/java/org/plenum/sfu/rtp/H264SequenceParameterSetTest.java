package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sets of x264 0.164 (Debian's ffmpeg, `testsrc`) without their NAL unit header, and hand-made
/// ones for what it does not write.
class H264SequenceParameterSetTest {
  private static final String BASELINE = "42C028DA01E0089F97011000000300100000030140F1832A";

  private static final String CONSTRAINTS_AND_LEVEL = "00000000 00011110";
  private static final String HEAD = CONSTRAINTS_AND_LEVEL + Bits.ue(0); // set 0

  /// log2_max_frame_num_minus4 0, pic_order_cnt_type 2.
  private static final String ORDER_COUNT_TYPE_2 = Bits.ue(0) + Bits.ue(2);

  /// One reference frame, no gaps; 40 by 23 macroblocks, frames only, direct_8x8_inference; cropped
  /// by 4 units at the bottom; no VUI.
  private static final String SIZE =
      Bits.ue(1)
          + "0"
          + Bits.ue(39)
          + Bits.ue(22)
          + "1 1 1"
          + Bits.ue(0).repeat(3)
          + Bits.ue(4)
          + "0 1";

  private final SizeReader reader = new H264SequenceParameterSet()::parse;

  private String read(String... bits) {
    return reader.read(Bits.bytes(String.join("", bits)));
  }

  private static String profile(int idc) {
    return Bits.of(idc, 8);
  }

  @ParameterizedTest
  @CsvSource({
    "1920x1080, " + BASELINE, // cropped from 1088
    "854x480, 640016ACD940D83DE6F011000003000100000300140F162D96", // High
    "1918x1078, 7A0028BCE8078044F536022000000300200000030283E2C5D4", // 4:2:2, interlaced
    "333x251, F4000C9196815087926C0440000003004000000503C50AA8", // 4:4:4
    "333x251, 64000CF2D02A10F24D80B640000003004000000503C50AA8", // monochrome
  })
  void readsTheSetsOfX264(String size, String hex) {
    assertEquals(size, reader.read(Hex.bytes(hex)));
  }

  @Test
  void readsEveryPictureOrderCountType() {
    assertEquals("640x360", read(profile(66), HEAD, Bits.ue(0), Bits.ue(0), Bits.ue(3), SIZE));
    // type 1: always zero; three offsets, the greatest of 63 bits, and a cycle of two more
    String longest = "0".repeat(31) + "1" + "1".repeat(31);
    String offsets = "1" + longest + Bits.ue(6) + Bits.ue(2) + Bits.ue(1) + Bits.ue(8);
    assertEquals("640x360", read(profile(66), HEAD, Bits.ue(0), Bits.ue(1), offsets, SIZE));
    assertEquals("640x360", read(profile(66), HEAD, ORDER_COUNT_TYPE_2, SIZE));
    assertEquals("none", read(profile(66), HEAD, Bits.ue(0), Bits.ue(3), SIZE));
  }

  @Test
  void refusesAnEndlessPictureOrderCountCycle() {
    String cycle = Bits.ue(0) + Bits.ue(1) + "1" + Bits.ue(0) + Bits.ue(0);
    String offsets = Bits.ue(1).repeat(255);
    assertEquals("640x360", read(profile(66), HEAD, cycle, Bits.ue(255), offsets, SIZE));
    assertEquals("none", read(profile(66), HEAD, cycle, Bits.ue(256), offsets, Bits.ue(1), SIZE));
  }

  @Test
  void passesOverScalingLists() {
    String depths = Bits.ue(0) + Bits.ue(0) + "0";
    String unlisted = "0";
    String useDefault = "1" + Bits.ue(16); // 8 - 8 = 0 at once
    String full4x4 = "1" + Bits.ue(0).repeat(16);
    String endsEarly8x8 = "1" + Bits.ue(1) + Bits.ue(0) + Bits.ue(18); // 9, 9, 0: the rest is 9
    String full8x8 = "1" + Bits.ue(1).repeat(63) + Bits.ue(2);
    String lists420 =
        "1" + useDefault + full4x4 + unlisted.repeat(3) + full4x4 + endsEarly8x8 + full8x8;
    assertEquals(
        "640x360",
        read(profile(100), HEAD, Bits.ue(1), depths, lists420, ORDER_COUNT_TYPE_2, SIZE));
    // 4:4:4 in one plane each has four lists more; cropping counts single pixels
    String lists444 = lists420 + full8x8 + unlisted + useDefault + endsEarly8x8;
    assertEquals(
        "640x364",
        read(profile(244), HEAD, Bits.ue(3), "1", depths, lists444, ORDER_COUNT_TYPE_2, SIZE));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    String rest = ORDER_COUNT_TYPE_2 + SIZE;
    assertEquals("640x360", read(profile(66), CONSTRAINTS_AND_LEVEL, Bits.ue(31), rest));
    assertEquals("none", read(profile(66), CONSTRAINTS_AND_LEVEL, Bits.ue(32), rest));
    assertEquals("none", read(profile(100), HEAD, Bits.ue(4), Bits.ue(0), Bits.ue(0), "0 0", rest));
    String[] sizes = {
      Bits.ue(4096) + Bits.ue(22), Bits.ue(39) + Bits.ue(4096), Bits.ue(39) + "0".repeat(32) + "1"
    };
    for (String size : sizes) {
      assertEquals(
          "none", read(profile(66), HEAD, ORDER_COUNT_TYPE_2, Bits.ue(1), "0", size, "110"));
    }
    String whole = Bits.ue(1) + "0" + Bits.ue(4095) + Bits.ue(4095) + "1 1 0";
    assertEquals("65536x65536", read(profile(66), HEAD, ORDER_COUNT_TYPE_2, whole));
  }

  @Test
  void refusesToCropAllAway() {
    String size = Bits.ue(1) + "0" + Bits.ue(0) + Bits.ue(0) + "1 1 1"; // 16x16
    String down = Bits.ue(0).repeat(2);
    assertEquals(
        "2x16", read(profile(66), HEAD, ORDER_COUNT_TYPE_2, size, Bits.ue(3), Bits.ue(4), down));
    assertEquals(
        "none", read(profile(66), HEAD, ORDER_COUNT_TYPE_2, size, Bits.ue(4), Bits.ue(4), down));
  }

  @Test
  void neverReadsPastTheEndWhateverTheBytes() {
    reader.survivesHostileBytes(Hex.bytes(BASELINE));
    reader.survivesHostileBytes(Hex.bytes("7A0028BCE8078044F536022000000300200000030283E2C5D4"));
  }
}
