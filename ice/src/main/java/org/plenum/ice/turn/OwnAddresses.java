package org.plenum.ice.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// Where a worker's media is received, as clients see it: the only peers there are. Immutable.
///
/// No link-local, multicast or unspecified address is one; nor is a loopback address, unless the
/// server offers nothing else, as on a developer's machine.
public final class OwnAddresses {
  /// More are left out: a server offers one or two of each family.
  static final int MAX = 8;

  private final List<Own> all;

  record Own(long high, long low, int port) {
    int family() {
      return PeerAddress.familyOf(high, low);
    }
  }

  /// @param media of the worker's UDP port, as it is offered to clients, best first
  public OwnAddresses(List<InetSocketAddress> media) {
    boolean loopbackOnly = media.stream().allMatch(each -> each.getAddress().isLoopbackAddress());
    all =
        media.stream()
            .filter(each -> mayBePeer(each.getAddress(), loopbackOnly))
            .map(OwnAddresses::own)
            .distinct()
            .limit(MAX)
            .toList();
  }

  private static boolean mayBePeer(InetAddress address, boolean loopbackToo) {
    return !address.isLinkLocalAddress()
        && !address.isMulticastAddress()
        && !address.isAnyLocalAddress()
        && (loopbackToo || !address.isLoopbackAddress());
  }

  private static Own own(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    return new Own(NetworkPath.high(host), NetworkPath.low(host), address.getPort());
  }

  /// What relays of this family have for an address; null if there is none of it.
  @Nullable Own first(int family) {
    for (Own own : all) {
      if (own.family() == family) {
        return own;
      }
    }
    return null;
  }

  /// Whether permissions may be had for this address (RFC 8656 §9).
  boolean hasHost(PeerAddress peer) {
    return !peer.isMapped() && hasHost(peer.high(), peer.low());
  }

  /// Whether the server is offered under this address.
  boolean hasHost(long high, long low) {
    for (Own own : all) {
      if (own.low == low && own.high == high) {
        return true;
      }
    }
    return false;
  }

  /// Whether it is one of them, port and all.
  boolean has(PeerAddress peer) {
    return !peer.isMapped() && all.contains(new Own(peer.high(), peer.low(), peer.port()));
  }
}
