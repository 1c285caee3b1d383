package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;

/// An epoll of TCP sockets alone, level-triggered. An [EpollWaiter] that watches its descriptor
/// waits for all of them at once.
final class EpollPoller implements TcpPoller {
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int MODIFY = 3;
  private static final int READABLE = 1;
  private static final int WRITABLE = 4;

  /// `struct epoll_event` is packed on x86-64, and nowhere else.
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int DATA = PACKED ? 4 : 8;

  private final MemorySegment errno = LinuxCalls.newErrno();
  private final MemorySegment change = Arena.ofAuto().allocate(16, 8);
  private final MemorySegment events = Arena.ofAuto().allocate((long) MAX_READY * EVENT_BYTES, 8);
  private final int epoll;

  EpollPoller() throws IOException {
    epoll = LinuxCalls.epollCreate(errno, EPOLL_CLOEXEC);
    if (epoll < 0) {
      throw new SocketException("epoll_create1 failed: " + Errno.nameOf(-epoll));
    }
  }

  int descriptor() {
    return epoll;
  }

  @Override
  public void add(Pollable socket, int token) throws IOException {
    int result = control(ADD, socket, token, READABLE);
    if (result < 0) {
      throw new SocketException("epoll_ctl failed: " + Errno.nameOf(-result));
    }
  }

  @Override
  public void watchWritable(Pollable socket, int token, boolean on) {
    control(MODIFY, socket, token, on ? READABLE | WRITABLE : READABLE);
  }

  @Override
  public void remove(Pollable socket) {
    control(DELETE, socket, 0, 0);
  }

  private int control(int operation, Pollable socket, int token, int interest) {
    change.set(JAVA_INT, 0, interest);
    change.set(JAVA_LONG_UNALIGNED, DATA, token);
    return LinuxCalls.epollCtl(
        errno, epoll, operation, ((LinuxDescriptor) socket).descriptor(), change);
  }

  @Override
  public int poll() {
    return Math.max(0, LinuxCalls.epollWait(errno, epoll, events, MAX_READY, 0));
  }

  @Override
  public int token(int i) {
    return (int) events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_BYTES + DATA);
  }

  @Override
  public void close() {
    LinuxCalls.close(errno, epoll);
  }
}
