package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// Reads a slice of a slab bit by bit, the highest bit of each byte first. A reusable flyweight;
/// one thread.
///
/// Past the end it reads zeros and notes it: ask [#isExhausted] before believing what was read.
final class BitReader {
  private MemorySegment slab = MemorySegment.NULL;
  private long offset;
  private int limitBits;
  private int atBit;

  /// Starts at the first bit of `length` bytes, at most 2^27.
  void start(MemorySegment slab, long offset, int length) {
    this.slab = slab;
    this.offset = offset;
    limitBits = 8 * length;
    atBit = 0;
  }

  /// More was read than there is.
  boolean isExhausted() {
    return atBit > limitBits;
  }

  /// The next bit.
  boolean flag() {
    return bits(1) != 0;
  }

  /// The next `count` bits, 0 to 32, as a number.
  int bits(int count) {
    int end = atBit + count;
    if (end > limitBits) {
      atBit = limitBits + 1;
      return 0;
    }
    int value = 0;
    while (atBit < end) {
      int inByte = Math.min(8 - atBit % 8, end - atBit);
      int rest = u8(slab, offset + atBit / 8) >> 8 - atBit % 8 - inByte;
      value = value << inByte | rest & (1 << inByte) - 1;
      atBit += inByte;
    }
    return value;
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
