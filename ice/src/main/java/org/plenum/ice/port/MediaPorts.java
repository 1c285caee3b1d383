package org.plenum.ice.port;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens media ports.
public final class MediaPorts {
  /// Asked of the kernel for each socket and direction: 100 ms at 300 Mbit/s. More than the
  /// default, as one worker's socket serves hundreds of transports.
  public static final int BUFFER_BYTES = 4 << 20;

  /// How often to look for a port number that is free on each of several addresses.
  static final int ANY_PORT_ATTEMPTS = 16;

  private static final Logger log = LoggerFactory.getLogger(MediaPorts.class);

  private MediaPorts() {}

  /// Opens a port without TCP.
  ///
  /// @param port 0 for any free one
  /// @param addresses which of our addresses to listen on; empty or `::` for all, `0.0.0.0`
  /// for those of IPv4
  /// @throws BindException if the port is in use or an address is not ours
  public static MediaPort open(MediaPortKind kind, int port, List<InetAddress> addresses)
      throws IOException {
    return open(kind, port, addresses, null);
  }

  /// Opens a port.
  ///
  /// @param port UDP, 0 for any free one
  /// @param addresses which of our addresses to listen on; empty or `::` for all, `0.0.0.0`
  /// for those of IPv4
  /// @param tcp where its TCP connections come from, of the same kind; null for UDP only
  /// @throws BindException if the port is in use or an address is not ours
  public static MediaPort open(
      MediaPortKind kind, int port, List<InetAddress> addresses, @Nullable TcpListener tcp)
      throws IOException {
    List<InetAddress> locals = withoutOverlap(addresses);
    MediaPort opened =
        switch (tcp == null ? kind : tcp.kind()) {
          case AUTO -> openBest(port, locals);
          case LINUX -> openLinux(port, locals, tcp);
          case NIO -> NioMediaPort.open(port, locals, tcp);
        };
    log.info(
        "UDP port {}: {}, buffers of {} KiB to receive and {} KiB to send",
        opened.port(),
        opened,
        opened.receiveBufferBytes() >> 10,
        opened.sendBufferBytes() >> 10);
    if (opened.receiveBufferBytes() < BUFFER_BYTES) {
      log.warn(
          "UDP port {}: asked for a receive buffer of {} KiB; net.core.rmem_max may need raising",
          opened.port(),
          BUFFER_BYTES >> 10);
    }
    return opened;
  }

  /// Bound one after the other, overlapping addresses would be in each other's way. `::` stands for
  /// both families, as on a dual-stack socket.
  static List<InetAddress> withoutOverlap(List<InetAddress> addresses) {
    boolean all = false;
    boolean allIpv4 = false;
    for (InetAddress address : addresses) {
      all |= address.isAnyLocalAddress() && address instanceof Inet6Address;
      allIpv4 |= address.isAnyLocalAddress() && address instanceof Inet4Address;
    }
    if (all) {
      return List.of();
    }
    boolean noOtherIpv4 = allIpv4;
    return addresses.stream()
        .filter(a -> !noOtherIpv4 || a instanceof Inet6Address || a.isAnyLocalAddress())
        .distinct()
        .toList();
  }

  private static MediaPort openBest(int port, List<InetAddress> addresses) throws IOException {
    if (!LinuxCalls.areAvailable()) {
      return NioMediaPort.open(port, addresses, null);
    }
    try {
      return LinuxMediaPort.open(port, addresses, null);
    } catch (BindException e) {
      throw e;
    } catch (IOException | LinkageError | RuntimeException e) {
      // A sandbox may forbid what glibc offers.
      log.warn("System calls of Linux cannot be used, falling back to channels: {}", e.toString());
      return NioMediaPort.open(port, addresses, null);
    }
  }

  private static MediaPort openLinux(
      int port, List<InetAddress> addresses, @Nullable TcpListener tcp) throws IOException {
    requireLinux();
    return LinuxMediaPort.open(port, addresses, tcp);
  }

  static void requireLinux() throws IOException {
    if (!LinuxCalls.areAvailable()) {
      throw new IOException(
          "the media port LINUX needs Linux with glibc on x86-64 or aarch64, and this is "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + ": choose AUTO or NIO");
    }
  }

  static BindException portInUse(int port) {
    return new BindException(
        "UDP port " + port + " is in use: stop what holds it or choose another port");
  }

  static BindException tcpPortInUse(int port) {
    return new BindException(
        "TCP port " + port + " is in use: stop what holds it or choose another port");
  }

  static BindException notOurs(InetAddress address) {
    return new BindException(
        "cannot listen on " + AddressText.of(address) + ": it is no address of this machine");
  }
}
