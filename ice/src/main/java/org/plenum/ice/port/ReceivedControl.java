package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.plenum.ice.NetworkPath;

/// What the control messages of a received datagram say: our address that it reached, and how many
/// datagrams the kernel had dropped by then. One object, filled again for each datagram.
final class ReceivedControl {
  static final int SOL_SOCKET = 1;
  static final int SO_RXQ_OVFL = 40;

  private static final int IN_DESTINATION = 8;

  /// Our address as in [NetworkPath], 0 and 0 if the kernel did not say.
  long localHigh;

  long localLow;

  /// Datagrams the socket had dropped since it was opened (modulo 2^32); only where
  /// [#hasDropCount].
  int dropCount;

  boolean hasDropCount;

  void read(MemorySegment from, long start, long lengthBytes) {
    localHigh = 0;
    localLow = 0;
    hasDropCount = false;
    long at = start;
    long end = start + lengthBytes;
    while (at + ControlMessages.HEADER_BYTES <= end) {
      long bytes = from.get(JAVA_LONG, at);
      if (bytes < ControlMessages.HEADER_BYTES || bytes > end - at) {
        return;
      }
      readOne(from, at);
      at += ControlMessages.align((int) bytes);
    }
  }

  private void readOne(MemorySegment from, long at) {
    int level = from.get(JAVA_INT, at + ControlMessages.LEVEL);
    int type = from.get(JAVA_INT, at + ControlMessages.TYPE);
    long data = at + ControlMessages.HEADER_BYTES;
    if (level == ControlMessages.IPPROTO_IPV6 && type == ControlMessages.IPV6_PKTINFO) {
      localHigh = from.get(Sockaddr.NETWORK_LONG, data);
      localLow = from.get(Sockaddr.NETWORK_LONG, data + 8);
    } else if (level == ControlMessages.IPPROTO_IP && type == ControlMessages.IP_PKTINFO) {
      localHigh = 0;
      localLow = NetworkPath.ipv4Mapped(from.get(Sockaddr.NETWORK_INT, data + IN_DESTINATION));
    } else if (level == SOL_SOCKET && type == SO_RXQ_OVFL) {
      dropCount = from.get(JAVA_INT, data);
      hasDropCount = true;
    }
  }
}
