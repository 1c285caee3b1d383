package org.plenum.ice.agent;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The frame of a STUN message (RFC 8489 §5, §14), read in place and without allocation. Every
/// method is safe on hostile bytes: it looks at nothing outside the `length` bytes from
/// `offset`.
public final class StunFraming {
  public static final int HEADER_BYTES = 20;
  public static final int ATTRIBUTE_HEADER_BYTES = 4;

  private static final int MAGIC_COOKIE = 0x2112_A442;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private StunFraming() {}

  /// Whether the header is that of a STUN message which fills the datagram exactly; attributes are
  /// not looked at.
  public static boolean hasHeader(MemorySegment bytes, long offset, int length) {
    return length >= HEADER_BYTES
        && length % 4 == 0
        && (bytes.get(ValueLayout.JAVA_BYTE, offset) & 0xC0) == 0
        && u16(bytes, offset + 2) == length - HEADER_BYTES
        && bytes.get(U32, offset + 4) == MAGIC_COOKIE;
  }

  /// Whether the header is right and the attributes fill the message exactly.
  public static boolean isWellFormed(MemorySegment bytes, long offset, int length) {
    if (!hasHeader(bytes, offset, length)) {
      return false;
    }
    int position = HEADER_BYTES;
    while (position < length) { // a header always fits: both are multiples of 4
      position = next(bytes, offset, position);
    }
    return position == length;
  }

  /// The message type: method and class (RFC 8489 §5).
  public static int type(MemorySegment bytes, long offset) {
    return u16(bytes, offset);
  }

  /// Where the first attribute of this type starts, counted from `offset`; -1 if there is none
  /// before the framing goes wrong. Later ones of the same type do not count (RFC 8489 §14).
  public static int find(MemorySegment bytes, long offset, int length, int attributeType) {
    int position = HEADER_BYTES;
    while (position + ATTRIBUTE_HEADER_BYTES <= length) {
      int next = next(bytes, offset, position);
      if (next > length) {
        return -1;
      }
      if (u16(bytes, offset + position) == attributeType) {
        return position;
      }
      position = next;
    }
    return -1;
  }

  /// Bytes of value of the attribute at `position`, padding excluded.
  public static int valueLength(MemorySegment bytes, long offset, int position) {
    return u16(bytes, offset + position + 2);
  }

  /// Where the attribute after the one at `position` starts; values are padded to 4 bytes.
  public static int next(MemorySegment bytes, long offset, int position) {
    int padded = (valueLength(bytes, offset, position) + 3) & ~3;
    return position + ATTRIBUTE_HEADER_BYTES + padded;
  }

  /// Two bytes of the message, unsigned.
  public static int u16(MemorySegment bytes, long at) {
    return bytes.get(U16, at) & 0xFFFF;
  }
}
