package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;

/// Finds the picture size in an H.264 sequence parameter set (ITU-T H.264 §7.3.2.1.1). A reusable
/// flyweight; one thread.
final class H264SequenceParameterSet {
  private static final int MAX_ID = 31;
  private static final int MAX_PICTURES_IN_ORDER_COUNT_CYCLE = 255;
  private static final int MACROBLOCK = 16;

  // chroma_format_idc: table 6-1.
  private static final int YUV_420 = 1;
  private static final int YUV_422 = 2;
  private static final int YUV_444 = 3;

  private final BitReader bits = new BitReader();
  private int chromaFormat;

  /// Reads the `length` bytes behind the NAL unit header at `offset`; the beginning of a set will
  /// do if it reaches as far as the size. Returns false, with `size` as it was, if the bytes end
  /// too soon or a value is out of range.
  boolean parse(MemorySegment slab, long offset, int length, PictureSize size) {
    bits.startNalUnit(slab, offset, length);
    int profile = bits.bits(8);
    bits.skip(16); // constraint flags, level_idc
    if (bits.unsignedExpGolomb() > MAX_ID) {
      return false;
    }
    chromaFormat = YUV_420;
    return (!isHigh(profile) || readHighProfile())
        && skipPictureOrderCount()
        && readSize(size)
        && !bits.isExhausted();
  }

  /// The profiles whose sets say more of chroma and scaling.
  private static boolean isHigh(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  private boolean readHighProfile() {
    chromaFormat = bits.unsignedExpGolomb();
    if (chromaFormat > YUV_444) {
      return false;
    }
    int lists = chromaFormat == YUV_444 ? 12 : 8;
    if (chromaFormat == YUV_444) {
      bits.flag(); // separate_colour_plane_flag: either way nothing is subsampled
    }
    bits.unsignedExpGolomb(); // bit_depth_luma_minus8
    bits.unsignedExpGolomb(); // bit_depth_chroma_minus8
    bits.flag(); // qpprime_y_zero_transform_bypass_flag
    if (bits.flag()) { // seq_scaling_matrix_present_flag
      for (int list = 0; list < lists; list++) {
        if (bits.flag()) {
          skipScalingList(list < 6 ? 16 : 64);
        }
      }
    }
    return !bits.isExhausted();
  }

  /// §7.3.2.1.1.1: differences, until one leads to 0.
  private void skipScalingList(int entries) {
    int next = 8;
    for (int i = 0; i < entries && next != 0; i++) {
      next = next + bits.signedExpGolomb() & 0xFF;
    }
  }

  private boolean skipPictureOrderCount() {
    bits.unsignedExpGolomb(); // log2_max_frame_num_minus4
    int type = bits.unsignedExpGolomb();
    if (type == 0) {
      bits.unsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
    } else if (type == 1) {
      bits.flag(); // delta_pic_order_always_zero_flag
      bits.signedExpGolomb(); // offset_for_non_ref_pic
      bits.signedExpGolomb(); // offset_for_top_to_bottom_field
      int pictures = bits.unsignedExpGolomb();
      if (pictures > MAX_PICTURES_IN_ORDER_COUNT_CYCLE) {
        return false;
      }
      for (int i = 0; i < pictures; i++) {
        bits.signedExpGolomb(); // offset_for_ref_frame
      }
    }
    return type <= 2 && !bits.isExhausted();
  }

  private boolean readSize(PictureSize size) {
    bits.unsignedExpGolomb(); // max_num_ref_frames
    bits.flag(); // gaps_in_frame_num_value_allowed_flag
    long macroblocksAcross = bits.unsignedExpGolomb() + 1L;
    long mapUnitsDown = bits.unsignedExpGolomb() + 1L;
    boolean framesOnly = bits.flag();
    if (!framesOnly) {
      bits.flag(); // mb_adaptive_frame_field_flag
    }
    bits.flag(); // direct_8x8_inference_flag
    boolean cropped = bits.flag();
    int fields = framesOnly ? 1 : 2; // a map unit is then a pair of macroblocks
    long width = MACROBLOCK * macroblocksAcross;
    long height = MACROBLOCK * mapUnitsDown * fields;
    if (bits.isExhausted()) {
      return false;
    }
    if (!cropped) {
      return size.set(width, height);
    }
    int unitWidth = chromaFormat == YUV_420 || chromaFormat == YUV_422 ? 2 : 1;
    int unitHeight = (chromaFormat == YUV_420 ? 2 : 1) * fields;
    return size.setCropped(width, height, bits, unitWidth, unitHeight);
  }
}
