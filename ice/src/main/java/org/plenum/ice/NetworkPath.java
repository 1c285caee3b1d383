package org.plenum.ice;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a datagram came from and which of our addresses it reached; an answer takes the same
/// way back. Addresses are 128 bits in two longs, IPv4 as IPv4-mapped IPv6 (RFC 4291
/// §2.5.5.2), so that equality costs six comparisons. A TCP connection is a path of its own, and so
/// is what a client of our TURN server sends to one of our own addresses by its relay.
///
/// @param remoteHigh the upper 64 bits of the remote address, network order
/// @param remoteLow the lower 64 bits of the remote address
/// @param remotePort 0 to 65 535
/// @param localHigh the upper 64 bits of the local address the datagram was sent to; 0 with
/// localLow 0 if unknown
/// @param localLow the lower 64 bits of the local address
/// @param connection the number that the media port gave to the TCP connection; 0 for UDP; below 0
/// the number that the TURN server gave to a relay's way here, or a relay's own UDP port, negated
public record NetworkPath(
    long remoteHigh,
    long remoteLow,
    int remotePort,
    long localHigh,
    long localLow,
    int connection) {
  private static final int LAST_PORT = 65_535;

  private static final long V4_MAPPED_PREFIX = 0xFFFFL;

  /// A path over UDP.
  public NetworkPath(
      long remoteHigh, long remoteLow, int remotePort, long localHigh, long localLow) {
    this(remoteHigh, remoteLow, remotePort, localHigh, localLow, 0);
  }

  /// The way to a remote address.
  ///
  /// @param local which of our addresses to send from; null for whichever the system chooses
  public static NetworkPath to(InetSocketAddress remote, @Nullable InetAddress local) {
    InetAddress address = Objects.requireNonNull(remote.getAddress(), "unresolved address");
    return new NetworkPath(
        high(address),
        low(address),
        remote.getPort(),
        local == null ? 0 : high(local),
        local == null ? 0 : low(local));
  }

  /// Whether a [#connection] stands for a relay's own UDP port.
  public static boolean isRelayPort(int connection) {
    return connection < 0 && connection >= -LAST_PORT;
  }

  /// The remote end as an object of its own. Allocates: not for every datagram.
  public InetSocketAddress remote() {
    return new InetSocketAddress(address(remoteHigh, remoteLow), remotePort);
  }

  /// The local address as an object of its own, null if unknown. Allocates: not for every datagram.
  public @Nullable InetAddress local() {
    return (localHigh | localLow) == 0 ? null : address(localHigh, localLow);
  }

  /// Whether the remote address is an IPv4 address.
  public boolean isIpv4() {
    return isIpv4(remoteHigh, remoteLow);
  }

  /// Whether this is an IPv4 address in mapped form.
  public static boolean isIpv4(long high, long low) {
    return high == 0 && low >>> 32 == V4_MAPPED_PREFIX;
  }

  /// The upper 64 bits of an address, IPv4 in mapped form.
  public static long high(InetAddress address) {
    return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress()).getLong(0) : 0;
  }

  /// The lower 64 bits of an address, IPv4 in mapped form.
  public static long low(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet6Address ? bytes.getLong(8) : ipv4Mapped(bytes.getInt(0));
  }

  /// The address of these 128 bits: an `Inet4Address` if they are an IPv4 address in mapped form.
  public static InetAddress address(long high, long low) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(16).putLong(high).putLong(low).array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }

  /// The low half of the IPv4-mapped form of an IPv4 address given as 32 bits in network order.
  public static long ipv4Mapped(int address) {
    return V4_MAPPED_PREFIX << 32 | (address & 0xFFFF_FFFFL);
  }
}
