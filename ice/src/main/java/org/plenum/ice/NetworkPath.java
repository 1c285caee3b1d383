package org.plenum.ice;

/// Where a datagram came from and which of our addresses it reached; an answer takes the same way
/// back. Addresses are
/// 128 bits in two longs, IPv4 as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), so that equality costs five
/// comparisons.
///
/// @param remoteHigh the upper 64 bits of the remote address, network order
/// @param remoteLow the lower 64 bits of the remote address
/// @param remotePort 0 to 65 535
/// @param localHigh the upper 64 bits of the local address the datagram was sent to; 0 with
/// localLow 0 if unknown
/// @param localLow the lower 64 bits of the local address
public record NetworkPath(
    long remoteHigh, long remoteLow, int remotePort, long localHigh, long localLow) {

  private static final long V4_MAPPED_PREFIX = 0xFFFFL;

  /// Whether the remote address is an IPv4 address.
  public boolean isIpv4() {
    return remoteHigh == 0 && remoteLow >>> 32 == V4_MAPPED_PREFIX;
  }

  /// The low half of the IPv4-mapped form of an IPv4 address given as 32 bits in network order.
  public static long ipv4Mapped(int address) {
    return V4_MAPPED_PREFIX << 32 | (address & 0xFFFF_FFFFL);
  }
}
