package org.plenum.ice.port;

import java.lang.foreign.MemorySegment;
import org.plenum.ice.tcp.FrameBuffer;
import org.plenum.ice.tcp.FrameQueue;

/// A TCP connection by system calls of Linux.
final class LinuxTcpSocket extends TcpSocket implements LinuxDescriptor {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private int fd;

  private final MemorySegment errno = LinuxCalls.newErrno();

  LinuxTcpSocket(int fd, MemorySegment remote, MemorySegment local) {
    super(
        Sockaddr.high(remote, 0),
        Sockaddr.low(remote, 0),
        Sockaddr.port(remote, 0),
        Sockaddr.high(local, 0),
        Sockaddr.low(local, 0));
    this.fd = fd;
  }

  @Override
  public int descriptor() {
    return fd;
  }

  @Override
  int read(FrameBuffer into) {
    long count = LinuxCalls.recv(errno, fd, into.space(), MSG_DONTWAIT);
    if (count > 0) {
      into.add((int) count);
      return (int) count;
    }
    return isForNow(count) ? 0 : ENDED;
  }

  @Override
  boolean write(FrameQueue from) {
    while (!from.isEmpty()) {
      long count = LinuxCalls.send(errno, fd, from.next(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0) {
        return isForNow(count);
      }
      from.sent((int) count);
    }
    return true;
  }

  /// Whether a call failed only because it would have waited. 0 is the end of the stream.
  private static boolean isForNow(long result) {
    return result == -Errno.EAGAIN || result == -Errno.EINTR;
  }

  @Override
  public void close() {
    if (fd >= 0) {
      LinuxCalls.close(errno, fd);
      fd = -1;
    }
  }
}
