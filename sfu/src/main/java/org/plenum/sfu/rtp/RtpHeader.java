package org.plenum.sfu.rtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// What can be read of an RTP packet that is still encrypted: its header is not (RFC 3711 §3.1),
/// its padding is.
public final class RtpHeader {
  private static final int FIXED_BYTES = 12;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private RtpHeader() {}

  /// Bytes up to the payload, CSRCs and extension block included (RFC 3550 §5.1, §5.3.1).
  ///
  /// @return -1 if this is not version 2 or a length points outside
  public static int length(MemorySegment slab, long offset, int length) {
    if (length < FIXED_BYTES) {
      return -1;
    }
    int first = slab.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    if (first >>> 6 != 2) {
      return -1;
    }
    int header = FIXED_BYTES + 4 * (first & 0x0F);
    if ((first & 0x10) != 0) {
      if (header + 4 > length) {
        return -1;
      }
      header += 4 + 4 * (slab.get(U16, offset + header + 2) & 0xFFFF);
    }
    return header <= length ? header : -1;
  }
}
