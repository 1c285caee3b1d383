package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The initialization vector of a packet: the session salt with SSRC and index added.
///
/// SRTCP uses the same layout, its 31-bit index standing for the 48-bit one (RFC 3711 §4.1.1,
/// RFC 7714 §9.1).
final class PacketIv {
  static final int GCM_BYTES = 12;
  static final int CM_BYTES = 16;

  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final long saltHigh;
  private final long saltLow;

  PacketIv(byte[] salt) {
    var padded = MemorySegment.ofArray(Arrays.copyOf(salt, 2 * Long.BYTES));
    saltHigh = padded.get(U64, 0);
    saltLow = padded.get(U64, Long.BYTES);
  }

  /// Writes 12 bytes: 16 zero bits, the SSRC, the 48-bit index, all XOR the salt (RFC 7714 §8.1).
  void writeGcm(MemorySegment iv, int ssrc, long index) {
    iv.set(U64, 0, saltHigh ^ Integer.toUnsignedLong(ssrc) << 16 ^ index >>> 32);
    iv.set(U32, Long.BYTES, (int) (saltLow >>> 32) ^ (int) index);
  }

  /// Writes 16 bytes: salt · 2^16 XOR SSRC · 2^64 XOR index · 2^16 (RFC 3711 §4.1.1).
  void writeCm(MemorySegment iv, int ssrc, long index) {
    iv.set(U64, 0, saltHigh ^ Integer.toUnsignedLong(ssrc));
    iv.set(U64, Long.BYTES, saltLow ^ index << 16);
  }
}
