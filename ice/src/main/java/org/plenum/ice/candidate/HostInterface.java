package org.plenum.ice.candidate;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/// A network interface of this machine at one moment.
///
/// @param name as the system calls it, eth0
/// @param up whether it is in use
/// @param addresses its addresses, in the system's order
record HostInterface(String name, boolean up, List<InetAddress> addresses) {
  /// The interfaces of this machine as they are now.
  ///
  /// @throws UncheckedIOException if the system does not tell
  static List<HostInterface> ofThisMachine() {
    try {
      return NetworkInterface.networkInterfaces().map(HostInterface::of).toList();
    } catch (SocketException e) {
      throw new UncheckedIOException("cannot list the network interfaces", e);
    }
  }

  private static HostInterface of(NetworkInterface networkInterface) {
    return new HostInterface(
        networkInterface.getName(),
        isUp(networkInterface),
        networkInterface.inetAddresses().toList());
  }

  private static boolean isUp(NetworkInterface networkInterface) {
    try {
      return networkInterface.isUp();
    } catch (SocketException e) {
      return false; // it went away meanwhile
    }
  }
}
