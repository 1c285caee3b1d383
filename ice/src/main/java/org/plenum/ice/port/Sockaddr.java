package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.plenum.ice.NetworkPath;

/// Reads and writes `struct sockaddr_in` and `sockaddr_in6` at an offset of a segment. Addresses
/// are two longs as in [NetworkPath].
final class Sockaddr {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /// Room for either kind.
  static final int MAX_BYTES = 28;

  static final ValueLayout.OfLong NETWORK_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt NETWORK_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int IN_BYTES = 16;
  private static final int PORT = 2;
  private static final int IN_ADDRESS = 4;
  private static final int IN6_FLOW_INFO = 4;
  private static final int IN6_ADDRESS = 8;
  private static final int IN6_SCOPE = 24;

  private Sockaddr() {}

  /// Writes an address for a socket of the given family. An IPv6 address on an IPv4 socket is
  /// written as it is: the kernel refuses it with EAFNOSUPPORT.
  ///
  /// @return its length in bytes
  static int write(MemorySegment to, long at, int family, long high, long low, int port) {
    to.set(NETWORK_SHORT, at + PORT, (short) port);
    if (family == AF_INET && NetworkPath.isIpv4(high, low)) {
      to.set(JAVA_SHORT, at, (short) AF_INET);
      to.set(NETWORK_INT, at + IN_ADDRESS, (int) low);
      return IN_BYTES;
    }
    to.set(JAVA_SHORT, at, (short) AF_INET6);
    to.set(JAVA_INT, at + IN6_FLOW_INFO, 0);
    to.set(NETWORK_LONG, at + IN6_ADDRESS, high);
    to.set(NETWORK_LONG, at + IN6_ADDRESS + 8, low);
    to.set(JAVA_INT, at + IN6_SCOPE, 0);
    return MAX_BYTES;
  }

  static int port(MemorySegment from, long at) {
    return from.get(NETWORK_SHORT, at + PORT) & 0xFFFF;
  }

  static long high(MemorySegment from, long at) {
    return isIn6(from, at) ? from.get(NETWORK_LONG, at + IN6_ADDRESS) : 0;
  }

  static long low(MemorySegment from, long at) {
    return isIn6(from, at)
        ? from.get(NETWORK_LONG, at + IN6_ADDRESS + 8)
        : NetworkPath.ipv4Mapped(from.get(NETWORK_INT, at + IN_ADDRESS));
  }

  private static boolean isIn6(MemorySegment from, long at) {
    return from.get(JAVA_SHORT, at) == AF_INET6;
  }
}
