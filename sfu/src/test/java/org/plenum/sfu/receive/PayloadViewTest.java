package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.rtp.Hex;

/// Which packets say how large the picture is. The frames and parameter sets are those of the
/// tests in `org.plenum.sfu.rtp`.
class PayloadViewTest {
  private static final String VP9_FRAME = "8249834200280016660638";
  private static final String SPS_H264 = "6742C028DA01E0089F97011000000300100000030140F1832A";
  private static final String SPS_H265 =
      "420101016000000300900000030000030078A003C0801107CB965654A4C2F0168080000003008000000504";
  private static final String SEQUENCE_AV1 = "080000000CC5016636BE4010";

  private final PayloadView view = new PayloadView();

  private String size(CodecName codec, String hex) {
    MemorySegment slab = Hex.segment(hex);
    view.parse(codec, slab, 0, (int) slab.byteSize());
    return view.width() + "x" + view.height();
  }

  @Test
  void vp9WithoutAStructureSaysItInTheFrame() {
    assertEquals("641x359", size(CodecName.VP9, "0C" + VP9_FRAME), "B, E");
    assertEquals("641x359", size(CodecName.VP9, "08" + VP9_FRAME.substring(0, 20)), "B");
    assertEquals("0x0", size(CodecName.VP9, "04" + VP9_FRAME), "not the first packet");
    assertEquals("0x0", size(CodecName.VP9, "4C" + VP9_FRAME), "no key frame (P)");
    assertEquals("0x0", size(CodecName.VP9, "0C" + VP9_FRAME.substring(0, 12)));
  }

  @Test
  void vp9WithAStructureSaysItThere() { // V: one layer of 1280x720 (N_S 0, Y)
    assertEquals("1280x720", size(CodecName.VP9, "0A 10 0500 02D0" + VP9_FRAME));
  }

  @Test
  void vp9WithAStructureWithoutSizesSaysItInTheFrameIfItHasNoMoreLayers() {
    assertEquals("641x359", size(CodecName.VP9, "0A 00" + VP9_FRAME));
    assertEquals("0x0", size(CodecName.VP9, "0A 20" + VP9_FRAME), "that of the lower of two");
  }

  @Test
  void h264SaysItInTheSequenceParameterSet() {
    assertEquals("1920x1080", size(CodecName.H264, SPS_H264));
    assertTrue(view.isKeyFrameStart());
    String aggregation = "78 0019" + SPS_H264 + "0003 68CE3C 0002 6588";
    assertEquals("1920x1080", size(CodecName.H264, aggregation));
    assertEquals("1920x1080", size(CodecName.H264, "7C 87" + SPS_H264.substring(2, 40)), "FU-A");
    assertEquals("0x0", size(CodecName.H264, "7C 47" + SPS_H264.substring(2)), "not its start");
    assertEquals("0x0", size(CodecName.H264, "65 88 84"));
    assertEquals("0x0", size(CodecName.H264, "67 42C028"));
    assertTrue(view.isKeyFrameStart(), "that its size cannot be read does not matter");
  }

  @Test
  void h265SaysItInTheSequenceParameterSet() {
    assertEquals("1920x1080", size(CodecName.H265, SPS_H265));
    String aggregation = "6001 0003 4001AA 002B" + SPS_H265 + "0003 2601AF";
    assertEquals("1920x1080", size(CodecName.H265, aggregation));
    assertTrue(view.isKeyFrameStart());
    assertTrue(view.isIdrStart());
    assertEquals("0x0", size(CodecName.H265, "4001AA"), "a video parameter set");
    assertEquals("0x0", size(CodecName.H265, "2601AF"), "a slice");
  }

  @Test
  void av1SaysItInTheSequenceHeader() { // W = 1, N; W = 2, N; W = 1 without N; Z; split (Y)
    assertEquals("641x359", size(CodecName.AV1, "18" + SEQUENCE_AV1));
    assertTrue(view.isKeyFrameStart());
    assertEquals("641x359", size(CodecName.AV1, "28 0C" + SEQUENCE_AV1 + "30AABB"));
    assertEquals("0x0", size(CodecName.AV1, "10" + SEQUENCE_AV1), "in mid-sequence");
    assertFalse(view.isKeyFrameStart());
    assertEquals("0x0", size(CodecName.AV1, "90" + SEQUENCE_AV1), "the middle of an OBU");
    assertEquals("0x0", size(CodecName.AV1, "58" + SEQUENCE_AV1.substring(0, 14)));
    assertTrue(view.isKeyFrameStart());
  }

  @Test
  void forgetsThePacketBefore() {
    assertEquals("1920x1080", size(CodecName.H264, SPS_H264));
    assertEquals("0x0", size(CodecName.H264, ""));
    assertEquals("0x0", size(CodecName.OPUS, "00"));
  }
}
