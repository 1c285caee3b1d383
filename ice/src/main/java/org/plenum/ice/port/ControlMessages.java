package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import org.plenum.ice.NetworkPath;

/// Writes the control messages (`struct cmsghdr`, RFC 3542 §20) of a datagram to be sent: first the
/// segment size, then our address. [ReceivedControl] reads those of a received one.
final class ControlMessages {
  static final int IPPROTO_IP = 0;
  static final int IPPROTO_IPV6 = 41;
  static final int SOL_UDP = 17;
  static final int IP_PKTINFO = 8;
  static final int IPV6_PKTINFO = 50;
  static final int UDP_SEGMENT = 103;

  /// Bytes of `struct cmsghdr`; data follows.
  static final int HEADER_BYTES = 16;

  static final int LEVEL = 8;
  static final int TYPE = 12;

  /// CMSG_SPACE of a segment size.
  static final int SEGMENT_SPACE = 24;

  /// In `struct in_pktinfo`: interface (0 = any), the local address, the header's destination.
  private static final int IN_PKTINFO_BYTES = 12;

  private static final int IN_LOCAL = 4;
  private static final int IN_DESTINATION = 8;

  /// In `struct in6_pktinfo`: the address, the interface (0 = any).
  private static final int IN6_PKTINFO_BYTES = 20;

  private static final int IN6_INTERFACE = 16;

  private ControlMessages() {}

  /// Asks the kernel to cut the payload into datagrams of so many bytes (UDP_SEGMENT).
  static void writeSegmentSize(MemorySegment to, long at, int segmentBytes) {
    writeHeader(to, at, 2, SOL_UDP, UDP_SEGMENT);
    to.set(JAVA_SHORT, at + HEADER_BYTES, (short) segmentBytes);
  }

  /// Asks the kernel to send from this address. An IPv6 socket takes IPv4 addresses in mapped form.
  ///
  /// @return bytes written, alignment included
  static int writeLocalAddress(MemorySegment to, long at, int family, long high, long low) {
    long data = at + HEADER_BYTES;
    if (family == Sockaddr.AF_INET && NetworkPath.isIpv4(high, low)) {
      writeHeader(to, at, IN_PKTINFO_BYTES, IPPROTO_IP, IP_PKTINFO);
      to.set(JAVA_INT, data, 0);
      to.set(Sockaddr.NETWORK_INT, data + IN_LOCAL, (int) low);
      to.set(JAVA_INT, data + IN_DESTINATION, 0);
      return HEADER_BYTES + align(IN_PKTINFO_BYTES);
    }
    writeHeader(to, at, IN6_PKTINFO_BYTES, IPPROTO_IPV6, IPV6_PKTINFO);
    to.set(Sockaddr.NETWORK_LONG, data, high);
    to.set(Sockaddr.NETWORK_LONG, data + 8, low);
    to.set(JAVA_INT, data + IN6_INTERFACE, 0);
    return HEADER_BYTES + align(IN6_PKTINFO_BYTES);
  }

  /// CMSG_ALIGN.
  static int align(int bytes) {
    return bytes + 7 & ~7;
  }

  private static void writeHeader(MemorySegment to, long at, int dataBytes, int level, int type) {
    to.set(JAVA_LONG, at, HEADER_BYTES + dataBytes);
    to.set(JAVA_INT, at + LEVEL, level);
    to.set(JAVA_INT, at + TYPE, type);
  }
}
