package org.plenum.ice.turn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.StunFraming;
import org.plenum.ice.port.ReceiveBatch;

/// An XOR-PEER-ADDRESS (RFC 8656 §18.3).
///
/// @param high as in [NetworkPath]
/// @param low as in [NetworkPath]
/// @param family of [#IPV4] and [#IPV6]; what was sent as IPv6 is IPv6, though IPv4-mapped
record PeerAddress(long high, long low, int port, int family) {
  static final int IPV4 = 1;
  static final int IPV6 = 2;

  private static final int MAGIC_COOKIE = 0x2112_A442;
  private static final int IPV4_VALUE_BYTES = 8;
  private static final int IPV6_VALUE_BYTES = 20;
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// The value of the attribute at `position` of a well-formed message; null if it is none.
  static @Nullable PeerAddress at(MemorySegment bytes, long message, int position) {
    long value = message + position + StunFraming.ATTRIBUTE_HEADER_BYTES;
    int length = StunFraming.valueLength(bytes, message, position);
    int family = length < 2 ? 0 : bytes.get(ValueLayout.JAVA_BYTE, value + 1);
    if (family == IPV4 && length == IPV4_VALUE_BYTES) {
      int address = bytes.get(U32, value + 4) ^ MAGIC_COOKIE;
      return new PeerAddress(0, NetworkPath.ipv4Mapped(address), port(bytes, value), IPV4);
    }
    if (family == IPV6 && length == IPV6_VALUE_BYTES) {
      // XORed with what stands in the header from the magic cookie on (RFC 8489 §14.2).
      long high = bytes.get(U64, value + 4) ^ bytes.get(U64, message + 4);
      long low = bytes.get(U64, value + 12) ^ bytes.get(U64, message + 12);
      return new PeerAddress(high, low, port(bytes, value), IPV6);
    }
    return null;
  }

  /// Where datagram i came from.
  static PeerAddress from(ReceiveBatch batch, int i) {
    return of(batch.remoteHigh(i), batch.remoteLow(i), batch.remotePort(i));
  }

  static PeerAddress of(OwnAddresses.Own own) {
    return of(own.high(), own.low(), own.port());
  }

  private static PeerAddress of(long high, long low, int port) {
    return new PeerAddress(high, low, port, familyOf(high, low));
  }

  private static int port(MemorySegment bytes, long value) {
    return StunFraming.u16(bytes, value + 2) ^ MAGIC_COOKIE >>> 16;
  }

  /// Whether it is an IPv4 address in the clothes of an IPv6 one (RFC 4291 §2.5.5.2), which no
  /// media address of ours is.
  boolean isMapped() {
    return family == IPV6 && NetworkPath.isIpv4(high, low);
  }

  static int familyOf(long high, long low) {
    return NetworkPath.isIpv4(high, low) ? IPV4 : IPV6;
  }
}
