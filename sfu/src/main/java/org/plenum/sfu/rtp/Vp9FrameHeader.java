package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;

/// Finds the frame size in the uncompressed header of a VP9 key frame (*VP9 Bitstream & Decoding
/// Process Specification* v0.6 §6.2). A reusable flyweight; one thread.
final class Vp9FrameHeader {
  private static final int FRAME_MARKER = 2;
  private static final int SYNC_CODE = 0x498342;
  private static final int CS_RGB = 7;

  private final BitReader bits = new BitReader();

  /// Reads the `length` bytes of a frame, or of the beginning of one, at `offset`. Returns false,
  /// with `size` as it was, if it is no key frame, the bytes end too soon or contradict the
  /// specification.
  boolean parse(MemorySegment slab, long offset, int length, PictureSize size) {
    bits.start(slab, offset, length);
    if (bits.bits(2) != FRAME_MARKER) {
      return false;
    }
    int profile = bits.bits(1) | bits.bits(1) << 1;
    if (profile == 3 && bits.flag()) { // reserved_zero
      return false;
    }
    boolean showsExistingFrame = bits.flag();
    boolean interFrame = bits.flag(); // frame_type
    if (showsExistingFrame || interFrame) {
      return false;
    }
    bits.skip(2); // show_frame, error_resilient_mode
    if (bits.bits(24) != SYNC_CODE || !skipColorConfig(profile)) {
      return false;
    }
    int width = bits.bits(16) + 1;
    int height = bits.bits(16) + 1;
    return !bits.isExhausted() && size.set(width, height);
  }

  /// §6.2.2, color_config.
  private boolean skipColorConfig(int profile) {
    boolean subsamplingIsSaid = (profile & 1) != 0;
    if (profile >= 2) {
      bits.flag(); // ten_or_twelve_bit
    }
    if (bits.bits(3) != CS_RGB) {
      bits.flag(); // color_range
      bits.skip(subsamplingIsSaid ? 2 : 0);
    } else if (!subsamplingIsSaid) { // §7.2.2: profiles 0 and 2 have no RGB
      return false;
    }
    return !subsamplingIsSaid || !bits.flag(); // reserved_zero
  }
}
