package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Numbers as they lie on the wire: big-endian, at any address (RFC 3550 §4).
public final class NetworkOrder {
  private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private NetworkOrder() {}

  /// 8 bits, unsigned.
  public static int u8(MemorySegment slab, long offset) {
    return slab.get(U8, offset) & 0xFF;
  }

  /// 16 bits, unsigned.
  public static int u16(MemorySegment slab, long offset) {
    return slab.get(U16, offset) & 0xFFFF;
  }

  /// 16 bits, signed.
  public static int i16(MemorySegment slab, long offset) {
    return slab.get(U16, offset);
  }

  /// 24 bits, signed.
  public static int i24(MemorySegment slab, long offset) {
    return slab.get(U8, offset) << 16 | u16(slab, offset + 1);
  }

  /// 32 bits.
  public static int i32(MemorySegment slab, long offset) {
    return slab.get(I32, offset);
  }

  /// 64 bits.
  public static long i64(MemorySegment slab, long offset) {
    return slab.get(I64, offset);
  }

  /// Writes the lower 8 bits of `value`.
  public static void put8(MemorySegment slab, long offset, int value) {
    slab.set(U8, offset, (byte) value);
  }

  /// Writes the lower 16 bits of `value`.
  public static void put16(MemorySegment slab, long offset, int value) {
    slab.set(U16, offset, (short) value);
  }

  /// Writes the lower 24 bits of `value`.
  public static void put24(MemorySegment slab, long offset, int value) {
    put8(slab, offset, value >> 16);
    put16(slab, offset + 1, value);
  }

  /// Writes 32 bits.
  public static void put32(MemorySegment slab, long offset, int value) {
    slab.set(I32, offset, value);
  }

  /// Writes 64 bits.
  public static void put64(MemorySegment slab, long offset, long value) {
    slab.set(I64, offset, value);
  }
}
