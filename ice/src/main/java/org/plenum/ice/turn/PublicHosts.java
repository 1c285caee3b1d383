package org.plenum.ice.turn;

import java.net.InetAddress;
import java.util.List;
import org.plenum.ice.NetworkPath;

/// Which addresses a relay's own port may send to: those of the public Internet. All that RFC 6890
/// and its registries keep for something else is not: this machine, its network, its provider's
/// metadata, multicast, and IPv6 forms that carry an IPv4 address inside (RFC 3056, 4380, 6052).
final class PublicHosts {
  /// One network.
  private record Network(long high, long low, long highMask, long lowMask) {
    boolean has(long high, long low) {
      return (high & highMask) == this.high && (low & lowMask) == this.low;
    }
  }

  private static final int ADDRESS_BITS = 128;
  private static final int IPV4_OFFSET = 96;

  private static final List<Network> SPECIAL_IPV4 =
      List.of(
          network("0.0.0.0", 8),
          network("10.0.0.0", 8),
          network("100.64.0.0", 10),
          network("127.0.0.0", 8),
          network("169.254.0.0", 16),
          network("172.16.0.0", 12),
          network("192.0.0.0", 24),
          network("192.0.2.0", 24),
          network("192.88.99.0", 24),
          network("192.168.0.0", 16),
          network("198.18.0.0", 15),
          network("198.51.100.0", 24),
          network("203.0.113.0", 24),
          network("224.0.0.0", 3));

  /// What is given out of IPv6 at all (RFC 4291 §2.4, IANA).
  private static final Network GLOBAL_IPV6 = network("2000::", 3);

  private static final List<Network> SPECIAL_IPV6 =
      List.of(
          network("2001::", 23), // Teredo too
          network("2001:db8::", 32),
          network("2002::", 16),
          network("3fff::", 20));

  private PublicHosts() {}

  /// Whether this is one of them; allocates nothing.
  ///
  /// @param high as in [NetworkPath]
  /// @param low as in [NetworkPath]
  static boolean has(long high, long low) {
    return NetworkPath.isIpv4(high, low)
        ? !isIn(SPECIAL_IPV4, high, low)
        : GLOBAL_IPV6.has(high, low) && !isIn(SPECIAL_IPV6, high, low);
  }

  private static boolean isIn(List<Network> networks, long high, long low) {
    for (int i = 0; i < networks.size(); i++) {
      if (networks.get(i).has(high, low)) {
        return true;
      }
    }
    return false;
  }

  private static Network network(String address, int bits) {
    InetAddress first = InetAddress.ofLiteral(address);
    int all = first.getAddress().length == 4 ? IPV4_OFFSET + bits : bits;
    return new Network(
        NetworkPath.high(first), NetworkPath.low(first), mask(all), mask(all - ADDRESS_BITS / 2));
  }

  /// The mask of that many leading bits of 64.
  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << Long.SIZE - bits;
  }
}
