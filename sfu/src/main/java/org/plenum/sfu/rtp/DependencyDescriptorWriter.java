package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.put8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Copies a dependency descriptor and says in it which decode targets are sent from its frame on
/// (AV1 RTP, appendix A.4: active_decode_targets_bitmask), whether it said so before or not. Only
/// part of the stream may be left when it is forwarded. Reusable, holds the copy until the next
/// one; one thread.
public final class DependencyDescriptorWriter {
  /// The most that a copy is longer than what was copied.
  public static final int MOST_BYTES_MORE = 5;

  private static final int MANDATORY_BITS = 24;
  private static final int MOST_BYTES = 255;

  private final BitReader bits = new BitReader();
  private final MemorySegment copy = Arena.ofAuto().allocate(MOST_BYTES + MOST_BYTES_MORE);
  private int at;
  private int current;
  private int bitsInCurrent;

  /// Copies `length` bytes at `offset`.
  ///
  /// @param structure that the descriptor refers to, or carries
  /// @param decodeTargets bit i is set if decode target i is sent
  /// @return the bytes of the copy, in [#copy]; or -1 if it can't be written
  public int write(
      MemorySegment slab,
      long offset,
      int length,
      FrameDependencyStructure structure,
      int decodeTargets) {
    if (length < MANDATORY_BITS / 8 || length > MOST_BYTES - MOST_BYTES_MORE) {
      return -1;
    }
    bits.start(slab, offset, length);
    at = 0;
    current = 0;
    bitsInCurrent = 0;
    put(24, bits.bits(24));
    boolean extended = length > MANDATORY_BITS / 8;
    boolean structurePresent = extended && bits.flag();
    boolean targetsPresent = extended && bits.flag();
    int custom = extended ? bits.bits(3) : 0;
    put(1, structurePresent ? 1 : 0);
    put(1, 1);
    put(3, custom);
    if (structurePresent) {
      copy(structure.bitLength());
    }
    put(structure.decodeTargetCount(), decodeTargets);
    if (targetsPresent) {
      bits.skip(structure.decodeTargetCount());
    }
    if (bits.isExhausted()) {
      return -1;
    }
    copy(length * 8 - bits.position());
    if (bitsInCurrent > 0) {
      put(8 - bitsInCurrent, 0);
    }
    return at;
  }

  /// Where the copy lies, from the first byte on.
  public MemorySegment copy() {
    return copy;
  }

  private void copy(int count) {
    for (int left = count; left > 0; left -= 8) {
      int some = Math.min(left, 8);
      put(some, bits.bits(some));
    }
  }

  private void put(int count, int value) {
    for (int i = count - 1; i >= 0; i--) {
      current = current << 1 | value >>> i & 1;
      if (++bitsInCurrent == 8) {
        put8(copy, at++, current);
        current = 0;
        bitsInCurrent = 0;
      }
    }
  }
}
