package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// A listening TCP socket by system calls of Linux.
final class LinuxTcpServer implements TcpServer, LinuxDescriptor {
  private static final int STREAM_NONBLOCK_CLOEXEC = 1 | 0x800 | 0x80000;
  private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int IPV6_V6ONLY = 26;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_NOTSENT_LOWAT = 25;

  /// What the kernel may hold besides what is under way: media that waits longer is stale.
  private static final int UNSENT_BYTES = 64 << 10;

  private final MemorySegment errno = LinuxCalls.newErrno();
  private final MemorySegment value = Arena.ofAuto().allocate(JAVA_INT);
  private final MemorySegment length = Arena.ofAuto().allocate(JAVA_INT);
  private final MemorySegment remote = Arena.ofAuto().allocate(Sockaddr.MAX_BYTES, 8);
  private final MemorySegment local = Arena.ofAuto().allocate(Sockaddr.MAX_BYTES, 8);
  private int fd;
  private int port;

  private LinuxTcpServer() {}

  /// As [TcpIo#listen].
  static LinuxTcpServer open(@Nullable InetAddress address, int port) throws IOException {
    boolean v4 = address != null && NetworkPath.isIpv4(high(address), NetworkPath.low(address));
    if (address != null) {
      return open(v4 ? Sockaddr.AF_INET : Sockaddr.AF_INET6, address, port);
    }
    int probe = LinuxCalls.socket(LinuxCalls.newErrno(), Sockaddr.AF_INET6, 1);
    if (probe < 0) {
      return open(Sockaddr.AF_INET, null, port);
    }
    LinuxCalls.close(LinuxCalls.newErrno(), probe);
    return open(Sockaddr.AF_INET6, null, port);
  }

  private static long high(InetAddress address) {
    return NetworkPath.high(address);
  }

  private static LinuxTcpServer open(int family, @Nullable InetAddress address, int port)
      throws IOException {
    var server = new LinuxTcpServer();
    server.fd = check("socket", LinuxCalls.socket(server.errno, family, STREAM_NONBLOCK_CLOEXEC));
    try {
      server.bind(family, address, port);
      check("listen", LinuxCalls.listen(server.errno, server.fd, TcpIo.BACKLOG));
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void bind(int family, @Nullable InetAddress address, int wanted) throws IOException {
    // Connections of before a restart that linger in TIME_WAIT do not hold the port.
    check("SO_REUSEADDR", set(fd, SOL_SOCKET, SO_REUSEADDR, 1));
    if (family == Sockaddr.AF_INET6) {
      check(
          "IPV6_V6ONLY",
          set(fd, ControlMessages.IPPROTO_IPV6, IPV6_V6ONLY, address == null ? 0 : 1));
    }
    long high = address == null ? 0 : high(address);
    long low =
        address != null
            ? NetworkPath.low(address)
            : family == Sockaddr.AF_INET ? NetworkPath.ipv4Mapped(0) : 0;
    int bytes = Sockaddr.write(local, 0, family, high, low, wanted);
    int result = LinuxCalls.bind(errno, fd, local, bytes);
    if (result == -Errno.EADDRINUSE) {
      throw MediaPorts.tcpPortInUse(wanted);
    }
    if (result == -Errno.EADDRNOTAVAIL && address != null) {
      throw MediaPorts.notOurs(address);
    }
    check("bind", result);
    readLocal(fd);
    port = Sockaddr.port(local, 0);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int descriptor() {
    return fd;
  }

  @Override
  public @Nullable TcpSocket accept() throws IOException {
    length.set(JAVA_INT, 0, Sockaddr.MAX_BYTES);
    int accepted = LinuxCalls.accept4(errno, fd, remote, length, NONBLOCK_CLOEXEC);
    if (accepted == -Errno.EAGAIN || accepted == -Errno.EINTR || accepted == -Errno.ECONNABORTED) {
      return null;
    }
    check("accept4", accepted);
    try {
      readLocal(accepted);
    } catch (IOException e) {
      LinuxCalls.close(errno, accepted);
      throw e;
    }
    set(accepted, IPPROTO_TCP, TCP_NODELAY, 1);
    set(accepted, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    return new LinuxTcpSocket(accepted, remote, local);
  }

  private void readLocal(int socket) throws IOException {
    length.set(JAVA_INT, 0, Sockaddr.MAX_BYTES);
    check("getsockname", LinuxCalls.getsockname(errno, socket, local, length));
  }

  private int set(int socket, int level, int option, int to) {
    value.set(JAVA_INT, 0, to);
    return LinuxCalls.setsockopt(errno, socket, level, option, value);
  }

  private static int check(String what, int result) throws IOException {
    if (result < 0) {
      throw new SocketException(what + " failed for a TCP socket: " + Errno.nameOf(-result));
    }
    return result;
  }

  @Override
  public void close() {
    if (fd >= 0) {
      LinuxCalls.close(errno, fd);
      fd = -1;
    }
  }
}
