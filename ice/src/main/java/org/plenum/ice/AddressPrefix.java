package org.plenum.ice;

/// The part of an address that a site holds whole, as the key of what is limited per source: /24 of
/// IPv4, /56 of IPv6 (what providers give to a customer, RFC 6177).
public final class AddressPrefix {
  private static final int IPV4_HOST_BITS = 8;
  private static final long IPV6_PREFIX_MASK = ~0xFFL;

  private AddressPrefix() {}

  /// The key of an address given as in [NetworkPath]: even for IPv4, odd for IPv6, never 0.
  public static long of(long high, long low) {
    return NetworkPath.isIpv4(high, low)
        ? low >>> IPV4_HOST_BITS << 1
        : high & IPV6_PREFIX_MASK | 1;
  }
}
