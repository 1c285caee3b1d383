package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;

/// Finds the greatest frame size in an AV1 sequence header OBU (AV1 §5.5). A reusable flyweight;
/// one thread.
final class Av1SequenceHeader {
  /// AV1 §4.10.5.
  private static final int MAX_LEB128_BYTES = 8;

  /// From this seq_level_idx on, a tier is said.
  private static final int FIRST_LEVEL_WITH_TIER = 8;

  private static final int MAX_PROFILE = 2;

  private final BitReader bits = new BitReader();
  private boolean decoderModelInfoPresent;
  private int bufferDelayBits;

  /// Reads the `length` bytes of an OBU at `offset`, its header included; the beginning of an OBU
  /// will do if it reaches as far as the size. Returns false, with `size` as it was, if the bytes
  /// end too soon or a value is reserved.
  boolean parse(MemorySegment slab, long offset, int length, PictureSize size) {
    bits.start(slab, offset, length);
    skipObuHeader();
    if (bits.bits(3) > MAX_PROFILE) {
      return false;
    }
    bits.flag(); // still_picture
    if (bits.flag()) { // reduced_still_picture_header
      bits.skip(5); // seq_level_idx
    } else {
      skipTimingInfo();
      skipOperatingPoints();
    }
    int widthBits = bits.bits(4) + 1;
    int heightBits = bits.bits(4) + 1;
    int width = bits.bits(widthBits) + 1;
    int height = bits.bits(heightBits) + 1;
    return !bits.isExhausted() && size.set(width, height);
  }

  /// §5.3.2 and §5.3.3. RTP wants OBUs without their size, but does not insist on it.
  private void skipObuHeader() {
    bits.skip(5); // obu_forbidden_bit, obu_type
    boolean extension = bits.flag();
    boolean another = bits.flag(); // obu_has_size_field
    bits.skip(1);
    bits.skip(extension ? 8 : 0);
    for (int i = 0; another && i < MAX_LEB128_BYTES; i++) {
      another = bits.flag();
      bits.skip(7);
    }
  }

  /// §5.5.3 and §5.5.4.
  private void skipTimingInfo() {
    decoderModelInfoPresent = false;
    if (!bits.flag()) { // timing_info_present_flag
      return;
    }
    bits.skip(64); // num_units_in_display_tick, time_scale
    if (bits.flag()) { // equal_picture_interval
      bits.unsignedExpGolomb(); // num_ticks_per_picture_minus_1
    }
    decoderModelInfoPresent = bits.flag();
    if (decoderModelInfoPresent) {
      bufferDelayBits = bits.bits(5) + 1;
      bits.skip(32 + 5 + 5); // num_units_in_decoding_tick, lengths of later fields
    }
  }

  private void skipOperatingPoints() {
    boolean initialDisplayDelayPresent = bits.flag();
    int points = bits.bits(5) + 1;
    for (int i = 0; i < points; i++) {
      bits.skip(12); // operating_point_idc
      if (bits.bits(5) >= FIRST_LEVEL_WITH_TIER) {
        bits.flag(); // seq_tier
      }
      if (decoderModelInfoPresent && bits.flag()) {
        bits.skip(2 * bufferDelayBits + 1); // §5.5.5, operating_parameters_info
      }
      if (initialDisplayDelayPresent && bits.flag()) {
        bits.skip(4); // initial_display_delay_minus_1
      }
    }
  }
}
