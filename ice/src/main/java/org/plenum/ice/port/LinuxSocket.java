package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// One UDP socket of Linux: non-blocking, telling the local address of each datagram, with the
/// buffers asked for.
final class LinuxSocket {
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int IPV6_V6ONLY = 26;
  private static final int IPV6_RECVPKTINFO = 49;

  final int fd;
  final int family;
  final int port;
  final int receiveBufferBytes;
  final int sendBufferBytes;

  /// The address it is bound to; 0 and 0 for all.
  final long addressHigh;

  final long addressLow;

  /// Whether runs are handed to the kernel in one message (UDP_SEGMENT); off for good once that
  /// failed.
  boolean segmentation;

  /// The drop count last seen on it (SO_RXQ_OVFL).
  int dropCount;

  private LinuxSocket(Opening opening) throws IOException {
    fd = opening.fd;
    family = opening.family;
    addressHigh = opening.high;
    addressLow = opening.low;
    receiveBufferBytes = opening.grantBuffer(SO_RCVBUF, SO_RCVBUFFORCE);
    sendBufferBytes = opening.grantBuffer(SO_SNDBUF, SO_SNDBUFFORCE);
    port = opening.boundPort();
    // Setting it to 0 changes nothing, but kernels before 4.18 do not know it.
    segmentation = opening.set(ControlMessages.SOL_UDP, ControlMessages.UDP_SEGMENT, 0) >= 0;
  }

  /// Opens and binds a socket.
  ///
  /// @param address null for all addresses of both families, or of IPv4 alone where IPv6 is off
  /// @param port 0 for any free one
  /// @throws BindException if the port is taken or the address is not ours
  static LinuxSocket open(@Nullable InetAddress address, int port) throws IOException {
    if (address != null) {
      long high = NetworkPath.high(address);
      long low = NetworkPath.low(address);
      boolean v4 = NetworkPath.isIpv4(high, low);
      return open(v4 ? Sockaddr.AF_INET : Sockaddr.AF_INET6, high, low, port);
    }
    try {
      return open(Sockaddr.AF_INET6, 0, 0, port);
    } catch (Ipv6OffException e) {
      return open(Sockaddr.AF_INET, 0, NetworkPath.ipv4Mapped(0), port);
    }
  }

  private static LinuxSocket open(int family, long high, long low, int port) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Opening opening = new Opening(arena, family, high, low);
      try {
        opening.configure();
        opening.bind(port);
        return new LinuxSocket(opening);
      } catch (IOException | RuntimeException e) {
        LinuxCalls.close(opening.errno, opening.fd);
        throw e;
      }
    }
  }

  void close(MemorySegment errno) {
    LinuxCalls.close(errno, fd);
  }

  /// IPv6 cannot be used on this machine.
  private static final class Ipv6OffException extends SocketException {
    private static final long serialVersionUID = 1;

    Ipv6OffException(String message) {
      super(message);
    }
  }

  /// The calls made while a socket is opened, and their memory.
  private static final class Opening {
    private final MemorySegment errno = LinuxCalls.newErrno();
    private final MemorySegment value;
    private final MemorySegment length;
    private final MemorySegment name;
    private final int family;
    private final long high;
    private final long low;
    private final int fd;

    Opening(Arena arena, int family, long high, long low) throws IOException {
      this.family = family;
      this.high = high;
      this.low = low;
      value = arena.allocate(JAVA_INT);
      length = arena.allocate(JAVA_INT);
      name = arena.allocate(Sockaddr.MAX_BYTES, 8);
      fd =
          check(
              "socket",
              LinuxCalls.socket(errno, family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC));
    }

    void configure() throws IOException {
      if (family == Sockaddr.AF_INET6) {
        int only = (high | low) == 0 ? 0 : 1;
        check("IPV6_V6ONLY", set(ControlMessages.IPPROTO_IPV6, IPV6_V6ONLY, only));
        // With this alone, IPv4 arrivals too come with IPV6_PKTINFO, the address in mapped form.
        check("IPV6_RECVPKTINFO", set(ControlMessages.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
      } else {
        check("IP_PKTINFO", set(ControlMessages.IPPROTO_IP, ControlMessages.IP_PKTINFO, 1));
      }
      set(SOL_SOCKET, ReceivedControl.SO_RXQ_OVFL, 1);
    }

    void bind(int port) throws IOException {
      int bytes = Sockaddr.write(name, 0, family, high, low, port);
      int result = LinuxCalls.bind(errno, fd, name, bytes);
      if (result == -Errno.EADDRINUSE) {
        throw MediaPorts.portInUse(port);
      }
      boolean wildcard = (high | low) == 0;
      if (result == -Errno.EADDRNOTAVAIL && !(wildcard && family == Sockaddr.AF_INET6)) {
        throw MediaPorts.notOurs(NetworkPath.address(high, low));
      }
      check("bind", result);
    }

    int boundPort() throws IOException {
      length.set(JAVA_INT, 0, Sockaddr.MAX_BYTES);
      check("getsockname", LinuxCalls.getsockname(errno, fd, name, length));
      return Sockaddr.port(name, 0);
    }

    /// Asks for a buffer, past the system's limit if we may (CAP_NET_ADMIN), and says what came of
    /// it.
    int grantBuffer(int option, int forceOption) throws IOException {
      set(SOL_SOCKET, option, MediaPorts.BUFFER_BYTES);
      set(SOL_SOCKET, forceOption, MediaPorts.BUFFER_BYTES);
      length.set(JAVA_INT, 0, 4);
      check("getsockopt", LinuxCalls.getsockopt(errno, fd, SOL_SOCKET, option, value, length));
      return value.get(JAVA_INT, 0) / 2; // the kernel doubles what was asked for its own needs
    }

    int set(int level, int option, int to) {
      value.set(JAVA_INT, 0, to);
      return LinuxCalls.setsockopt(errno, fd, level, option, value);
    }

    private int check(String what, int result) throws IOException {
      if (result >= 0) {
        return result;
      }
      String message = what + " failed for a UDP socket: " + Errno.nameOf(-result);
      boolean ipv6Off = result == -Errno.EAFNOSUPPORT || result == -Errno.EADDRNOTAVAIL;
      if (ipv6Off && family == Sockaddr.AF_INET6) {
        throw new Ipv6OffException(message);
      }
      throw new SocketException(message);
    }
  }
}
