package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;

/// Finds the picture size in an H.265 sequence parameter set (ITU-T H.265 §7.3.2.2.1). A reusable
/// flyweight; one thread.
final class H265SequenceParameterSet {
  private static final int MAX_SUB_LAYERS_MINUS_1 = 6;
  private static final int MAX_ID = 15;

  // Of profile_tier_level (§7.3.3), in bits.
  private static final int PROFILE = 88;
  private static final int LEVEL = 8;

  // chroma_format_idc: table 6-1.
  private static final int YUV_420 = 1;
  private static final int YUV_422 = 2;
  private static final int YUV_444 = 3;

  private final BitReader bits = new BitReader();

  /// Reads the `length` bytes behind the NAL unit header at `offset`; the beginning of a set will
  /// do if it reaches as far as the size. Returns false, with `size` as it was, if the bytes end
  /// too soon or a value is out of range.
  boolean parse(MemorySegment slab, long offset, int length, PictureSize size) {
    bits.startNalUnit(slab, offset, length);
    bits.skip(4); // sps_video_parameter_set_id
    int subLayersMinus1 = bits.bits(3);
    bits.flag(); // sps_temporal_id_nesting_flag
    // 7 is for the sets of the layers of an extension (§F.7.3.2.2.1), which are not read.
    if (subLayersMinus1 > MAX_SUB_LAYERS_MINUS_1) {
      return false;
    }
    skipProfileTierLevel(subLayersMinus1);
    return bits.unsignedExpGolomb() <= MAX_ID && readSize(size);
  }

  private void skipProfileTierLevel(int subLayersMinus1) {
    bits.skip(PROFILE + LEVEL);
    if (subLayersMinus1 == 0) {
      return;
    }
    int present = bits.bits(16); // for each of 8 sub-layers: profile, level; or reserved
    for (int i = 0; i < subLayersMinus1; i++) {
      int flags = present >> 14 - 2 * i;
      bits.skip((flags & 2) != 0 ? PROFILE : 0);
      bits.skip((flags & 1) != 0 ? LEVEL : 0);
    }
  }

  private boolean readSize(PictureSize size) {
    int chromaFormat = bits.unsignedExpGolomb();
    if (chromaFormat > YUV_444) {
      return false;
    }
    if (chromaFormat == YUV_444) {
      bits.flag(); // separate_colour_plane_flag: either way nothing is subsampled
    }
    int width = bits.unsignedExpGolomb();
    int height = bits.unsignedExpGolomb();
    boolean cropped = bits.flag(); // conformance_window_flag
    if (bits.isExhausted()) {
      return false;
    }
    if (!cropped) {
      return size.set(width, height);
    }
    int unitWidth = chromaFormat == YUV_420 || chromaFormat == YUV_422 ? 2 : 1;
    int unitHeight = chromaFormat == YUV_420 ? 2 : 1;
    return size.setCropped(width, height, bits, unitWidth, unitHeight);
  }
}
