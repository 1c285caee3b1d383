package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Waits for datagrams (epoll) or for another thread's wake-up (eventfd).
final class EpollWaiter {
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final int EPOLLET = 1 << 31;
  private static final int MAX_EVENTS = 2;

  /// Room for two `struct epoll_event`, which are 12 bytes on x86-64 and 16 on aarch64. Their
  /// contents do not matter: whoever waited looks at everything.
  private static final int EVENTS_BYTES = MAX_EVENTS * 16;

  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final MemorySegment errno = LinuxCalls.newErrno();
  private final MemorySegment events = Arena.ofAuto().allocate(EVENTS_BYTES, 16);
  private final MemorySegment timespec = Arena.ofAuto().allocate(16, 8);
  private final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_LONG, 1);
  private final AtomicBoolean wakeUpPending = new AtomicBoolean();
  private final Object eventLock = new Object();
  private final int epoll;
  private int event = -1; // guarded by eventLock; -1 = closed
  private boolean hasNanos = true;

  EpollWaiter(List<LinuxSocket> sockets) throws IOException {
    epoll = check("epoll_create1", LinuxCalls.epollCreate(errno, EPOLL_CLOEXEC));
    try {
      event = check("eventfd", LinuxCalls.eventfd(errno, EFD_CLOEXEC_NONBLOCK));
      // Edge-triggered: each write wakes once, and nobody need read it back.
      watch(event, EPOLLIN | EPOLLET);
      for (LinuxSocket socket : sockets) {
        watch(socket.fd, EPOLLIN);
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  void await(long timeoutNanos) {
    if (wakeUpPending.getAndSet(false) || timeoutNanos <= 0) {
      return;
    }
    int result = -Errno.ENOSYS;
    if (hasNanos) {
      timespec.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
      timespec.set(JAVA_LONG, 8, timeoutNanos % NANOS_PER_SECOND);
      result = LinuxCalls.epollPwait2(errno, epoll, events, MAX_EVENTS, timespec);
    }
    if (result == -Errno.ENOSYS) {
      hasNanos = false;
      int millis = (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI));
      LinuxCalls.epollWait(errno, epoll, events, MAX_EVENTS, millis);
    }
    wakeUpPending.getAndSet(false);
  }

  /// Any thread, also after [#close].
  void wakeUp() {
    if (wakeUpPending.getAndSet(true)) {
      return;
    }
    synchronized (eventLock) {
      if (event >= 0) {
        LinuxCalls.write(event, one);
      }
    }
  }

  void close() {
    synchronized (eventLock) {
      if (event >= 0) {
        LinuxCalls.close(errno, event);
        event = -1;
      }
    }
    LinuxCalls.close(errno, epoll);
  }

  /// Also waits for this descriptor to be readable; an epoll is while any of its own are ready.
  void watch(int fd) throws IOException {
    watch(fd, EPOLLIN);
  }

  private void watch(int fd, int interest) throws IOException {
    events.set(JAVA_INT, 0, interest);
    check("epoll_ctl", LinuxCalls.epollCtl(errno, epoll, EPOLL_CTL_ADD, fd, events));
  }

  private static int check(String what, int result) throws IOException {
    if (result < 0) {
      throw new SocketException(what + " failed: " + Errno.nameOf(-result));
    }
    return result;
  }
}
