package org.plenum.ice.candidate;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;

/// Which addresses of the machine a client may reach, and in which order they are offered.
///
/// Java does not tell deprecated and temporary IPv6 addresses from others: those are offered
/// too, and a client that cannot reach one goes on to the next.
final class AddressSelection {
  /// Interfaces of containers and virtual machines: nobody outside of the host reaches them. A
  /// VPN's (tun0, wg0) stay.
  private static final List<String> VIRTUAL_PREFIXES =
      List.of(
          "docker",
          "veth",
          "br-",
          "virbr",
          "vnet",
          "vmnet",
          "vboxnet",
          "podman",
          "lxc",
          "lxdbr",
          "cni",
          "cbr",
          "flannel",
          "cali",
          "tunl",
          "cilium",
          "weave",
          "kube",
          "nodelocaldns");

  private AddressSelection() {}

  /// The addresses that a client elsewhere may reach, best first.
  static List<InetAddress> reachable(
      List<HostInterface> interfaces, Collection<Exclusion> excluded) {
    return ordered(usable(interfaces, excluded).filter(a -> !a.isLoopbackAddress()));
  }

  static List<InetAddress> loopback(List<HostInterface> interfaces) {
    return ordered(usable(interfaces, List.of()).filter(InetAddress::isLoopbackAddress));
  }

  private static Stream<InetAddress> usable(
      List<HostInterface> interfaces, Collection<Exclusion> excluded) {
    return interfaces.stream()
        .filter(i -> i.up() && VIRTUAL_PREFIXES.stream().noneMatch(i.name()::startsWith))
        .flatMap(
            i ->
                i.addresses().stream()
                    .filter(a -> excluded.stream().noneMatch(one -> one.covers(i.name(), a))))
        .filter(AddressSelection::isUnicast);
  }

  /// Whether this is a unicast address of more than one link; the site-local ones of IPv6 are
  /// gone (RFC 3879), those of IPv4 are the private ones.
  private static boolean isUnicast(InetAddress address) {
    return !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && !address.isLinkLocalAddress()
        && !(address instanceof Inet6Address && address.isSiteLocalAddress());
  }

  /// IPv6 and IPv4 take turns, so that a machine with many addresses of one family does not
  /// keep a client from the other for long (RFC 8421 §4); unique local IPv6 addresses come
  /// last (RFC 6724 §2.1). Without duplicates.
  private static List<InetAddress> ordered(Stream<InetAddress> addresses) {
    SequencedSet<InetAddress> ipv6 = new LinkedHashSet<>();
    SequencedSet<InetAddress> ipv4 = new LinkedHashSet<>();
    SequencedSet<InetAddress> uniqueLocal = new LinkedHashSet<>();
    addresses.forEach(
        address -> {
          if (address instanceof Inet4Address) {
            ipv4.add(address);
          } else if ((address.getAddress()[0] & 0xFE) == 0xFC) {
            uniqueLocal.add(withoutScope(address));
          } else {
            ipv6.add(withoutScope(address));
          }
        });
    List<InetAddress> all = interleave(ipv6, ipv4);
    all.addAll(uniqueLocal);
    return all;
  }

  private static List<InetAddress> interleave(
      Collection<InetAddress> first, Collection<InetAddress> second) {
    List<InetAddress> all = new ArrayList<>();
    var a = first.iterator();
    var b = second.iterator();
    while (a.hasNext() || b.hasNext()) {
      if (a.hasNext()) {
        all.add(a.next());
      }
      if (b.hasNext()) {
        all.add(b.next());
      }
    }
    return all;
  }

  /// An interface's IPv6 addresses carry its name (2001:db8::1%eth0), which means nothing to a
  /// client.
  private static InetAddress withoutScope(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has the length of an address", e);
    }
  }
}
