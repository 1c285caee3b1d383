package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// Reads a slice of a slab bit by bit, the highest bit of each byte first. A reusable flyweight;
/// one thread.
///
/// Past the end it reads zeros and notes it: ask [#isExhausted] before believing what was read.
final class BitReader {
  /// An Exp-Golomb code of more leading zeros would exceed 32 bits.
  private static final int MAX_LEADING_ZEROS = 31;

  private MemorySegment slab = MemorySegment.NULL;
  private long start;
  private long at;
  private long end;
  private int current;
  private int bitsLeft;
  private boolean exhausted;
  private boolean emulationPrevention;
  private int zeroBytes;

  /// Starts at the first bit of `length` bytes.
  void start(MemorySegment slab, long offset, int length) {
    this.slab = slab;
    start = offset;
    at = offset;
    end = offset + length;
    bitsLeft = 0;
    exhausted = false;
    emulationPrevention = false;
    zeroBytes = 0;
  }

  /// Starts at the first bit of `length` bytes of a NAL unit behind its header, and passes over
  /// emulation prevention bytes: the 3 behind two bytes of 0 (ITU-T H.264 §7.4.1, H.265 §7.4.2).
  void startNalUnit(MemorySegment slab, long offset, int length) {
    start(slab, offset, length);
    emulationPrevention = true;
  }

  /// More was read than there is.
  boolean isExhausted() {
    return exhausted;
  }

  /// Bits read so far, emulation prevention bytes included.
  int position() {
    return (int) (at - start) * 8 - bitsLeft;
  }

  /// The next bit.
  boolean flag() {
    return bits(1) != 0;
  }

  /// The next `count` bits, 0 to 32, as a number.
  int bits(int count) {
    int value = 0;
    int missing = count;
    while (missing > 0) {
      if (bitsLeft == 0 && !nextByte()) {
        return 0;
      }
      int taken = Math.min(bitsLeft, missing);
      bitsLeft -= taken;
      missing -= taken;
      value = value << taken | current >> bitsLeft & (1 << taken) - 1;
    }
    return value;
  }

  private boolean nextByte() {
    if (emulationPrevention && zeroBytes >= 2 && at < end && u8(slab, at) == 3) {
      at++;
      zeroBytes = 0;
    }
    if (at >= end) {
      exhausted = true;
      return false;
    }
    current = u8(slab, at++);
    zeroBytes = current == 0 ? zeroBytes + 1 : 0;
    bitsLeft = 8;
    return true;
  }

  /// Passes over `count` bits.
  void skip(int count) {
    for (int left = count; left > 0; left -= Integer.SIZE) {
      bits(Math.min(left, Integer.SIZE));
    }
  }

  /// ue(v) of ITU-T H.264 §9.1 and H.265 §9.2, uvlc() of AV1 §4.10.3: a number from 0 to
  /// 2^31 - 1, which stands for all above it too. A code of more than 63 bits is none of theirs and
  /// ends the reading.
  int unsignedExpGolomb() {
    int leadingZeros = 0;
    while (!flag()) {
      leadingZeros++;
      if (exhausted || leadingZeros > MAX_LEADING_ZEROS) {
        exhausted = true;
        at = end;
        bitsLeft = 0;
        return 0;
      }
    }
    long rest = Integer.toUnsignedLong(bits(leadingZeros));
    return (int) Math.min((1L << leadingZeros) - 1 + rest, Integer.MAX_VALUE);
  }

  /// se(v) of ITU-T H.264 §9.1.1: 0, 1, -1, 2, -2, … by rising code.
  int signedExpGolomb() {
    int code = unsignedExpGolomb();
    return (code & 1) != 0 ? (code >> 1) + 1 : -(code >> 1);
  }

  /// ns(n) of the AV1 specification, §4.10.7: a number from 0 to `n` - 1, in as few bits as will
  /// do.
  int nonSymmetric(int n) {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(n);
    int shortCodes = (1 << width) - n;
    int value = bits(width - 1);
    return value < shortCodes ? value : (value << 1) - shortCodes + bits(1);
  }
}
