package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The system calls of glibc that a media port makes. Each answers with its result, or with the
/// negated errno if it failed. `errno` is memory of the calling thread from [#newErrno].
///
/// None uses [Linker.Option#critical]: these calls enter the kernel and would hold up the garbage
/// collector.
final class LinuxCalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final MemorySegment NONE = MemorySegment.NULL;
  private static final MemorySegment INT_BYTES = MemorySegment.ofAddress(JAVA_INT.byteSize());

  private static final MethodHandle SOCKET = setUp("socket");
  private static final MethodHandle LISTEN = setUp("listen");
  private static final MethodHandle SETSOCKOPT = setUp("setsockopt");
  private static final MethodHandle GETSOCKOPT = setUp("getsockopt");
  private static final MethodHandle CLOSE = setUp("close");
  private static final MethodHandle EPOLL_CREATE = setUp("epoll_create1");
  private static final MethodHandle EPOLL_CTL = setUp("epoll_ctl");
  private static final MethodHandle EVENTFD = setUp("eventfd");
  private static final MethodHandle ACCEPT4 = named("accept4");
  private static final MethodHandle GETSOCKNAME = named("getsockname");
  private static final MethodHandle RECV = transfer("recv");
  private static final MethodHandle SEND = transfer("send");
  private static final MethodHandle BIND = listed("bind");
  private static final MethodHandle RECVMMSG = listed("recvmmsg");
  private static final MethodHandle SENDMMSG = listed("sendmmsg");
  private static final MethodHandle EPOLL_WAIT = listed("epoll_wait");
  private static final @Nullable MethodHandle EPOLL_PWAIT2 =
      LIBC.find("epoll_pwait2").isPresent()
          ? handle("epoll_pwait2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS)
          : null;
  private static final MethodHandle WRITE =
      LINKER.downcallHandle(
          LIBC.findOrThrow("write"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

  private LinuxCalls() {}

  /// Whether this is Linux with glibc on a machine whose structures are laid out as this package
  /// writes them.
  static boolean areAvailable() {
    String machine = System.getProperty("os.arch", "");
    return System.getProperty("os.name", "").equals("Linux")
        && (machine.equals("amd64") || machine.equals("aarch64"))
        && Linker.nativeLinker().defaultLookup().find("gnu_get_libc_version").isPresent();
  }

  static MemorySegment newErrno() {
    return Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
  }

  static int socket(MemorySegment errno, int family, int type) {
    try {
      return result((int) SOCKET.invokeExact(errno, family, type, 0, NONE, NONE), errno);
    } catch (Throwable t) {
      throw failed("socket", t);
    }
  }

  static int bind(MemorySegment errno, int fd, MemorySegment address, int lengthBytes) {
    try {
      return result((int) BIND.invokeExact(errno, fd, address, lengthBytes, 0, NONE), errno);
    } catch (Throwable t) {
      throw failed("bind", t);
    }
  }

  static int listen(MemorySegment errno, int fd, int backlog) {
    try {
      return result((int) LISTEN.invokeExact(errno, fd, backlog, 0, NONE, NONE), errno);
    } catch (Throwable t) {
      throw failed("listen", t);
    }
  }

  static int accept4(
      MemorySegment errno, int fd, MemorySegment address, MemorySegment lengthBytes, int flags) {
    try {
      return result((int) ACCEPT4.invokeExact(errno, fd, address, lengthBytes, flags), errno);
    } catch (Throwable t) {
      throw failed("accept4", t);
    }
  }

  static long recv(MemorySegment errno, int fd, MemorySegment to, int flags) {
    try {
      long count = (long) RECV.invokeExact(errno, fd, to, to.byteSize(), flags);
      return count >= 0 ? count : result(-1, errno);
    } catch (Throwable t) {
      throw failed("recv", t);
    }
  }

  static long send(MemorySegment errno, int fd, MemorySegment from, int flags) {
    try {
      long count = (long) SEND.invokeExact(errno, fd, from, from.byteSize(), flags);
      return count >= 0 ? count : result(-1, errno);
    } catch (Throwable t) {
      throw failed("send", t);
    }
  }

  static int getsockname(
      MemorySegment errno, int fd, MemorySegment address, MemorySegment lengthBytes) {
    try {
      return result((int) GETSOCKNAME.invokeExact(errno, fd, address, lengthBytes, 0), errno);
    } catch (Throwable t) {
      throw failed("getsockname", t);
    }
  }

  /// @param value an int
  static int setsockopt(MemorySegment errno, int fd, int level, int option, MemorySegment value) {
    try {
      return result(
          (int) SETSOCKOPT.invokeExact(errno, fd, level, option, value, INT_BYTES), errno);
    } catch (Throwable t) {
      throw failed("setsockopt", t);
    }
  }

  static int getsockopt(
      MemorySegment errno,
      int fd,
      int level,
      int option,
      MemorySegment value,
      MemorySegment lengthBytes) {
    try {
      return result(
          (int) GETSOCKOPT.invokeExact(errno, fd, level, option, value, lengthBytes), errno);
    } catch (Throwable t) {
      throw failed("getsockopt", t);
    }
  }

  static int close(MemorySegment errno, int fd) {
    try {
      return result((int) CLOSE.invokeExact(errno, fd, 0, 0, NONE, NONE), errno);
    } catch (Throwable t) {
      throw failed("close", t);
    }
  }

  static int recvmmsg(MemorySegment errno, int fd, MemorySegment messages, int count, int flags) {
    try {
      return result((int) RECVMMSG.invokeExact(errno, fd, messages, count, flags, NONE), errno);
    } catch (Throwable t) {
      throw failed("recvmmsg", t);
    }
  }

  static int sendmmsg(MemorySegment errno, int fd, MemorySegment messages, int count, int flags) {
    try {
      return result((int) SENDMMSG.invokeExact(errno, fd, messages, count, flags, NONE), errno);
    } catch (Throwable t) {
      throw failed("sendmmsg", t);
    }
  }

  static int epollCreate(MemorySegment errno, int flags) {
    try {
      return result((int) EPOLL_CREATE.invokeExact(errno, flags, 0, 0, NONE, NONE), errno);
    } catch (Throwable t) {
      throw failed("epoll_create1", t);
    }
  }

  static int epollCtl(MemorySegment errno, int epoll, int operation, int fd, MemorySegment event) {
    try {
      return result((int) EPOLL_CTL.invokeExact(errno, epoll, operation, fd, event, NONE), errno);
    } catch (Throwable t) {
      throw failed("epoll_ctl", t);
    }
  }

  static int epollWait(MemorySegment errno, int epoll, MemorySegment events, int max, int millis) {
    try {
      return result((int) EPOLL_WAIT.invokeExact(errno, epoll, events, max, millis, NONE), errno);
    } catch (Throwable t) {
      throw failed("epoll_wait", t);
    }
  }

  /// As [#epollWait] with a `struct timespec`; -ENOSYS where glibc (before 2.35) or the kernel
  /// (before 5.11) lacks it.
  static int epollPwait2(
      MemorySegment errno, int epoll, MemorySegment events, int max, MemorySegment timespec) {
    if (EPOLL_PWAIT2 == null) {
      return -Errno.ENOSYS;
    }
    try {
      return result(
          (int) EPOLL_PWAIT2.invokeExact(errno, epoll, events, max, timespec, MemorySegment.NULL),
          errno);
    } catch (Throwable t) {
      throw failed("epoll_pwait2", t);
    }
  }

  static int eventfd(MemorySegment errno, int flags) {
    try {
      return result((int) EVENTFD.invokeExact(errno, 0, flags, 0, NONE, NONE), errno);
    } catch (Throwable t) {
      throw failed("eventfd", t);
    }
  }

  /// Any thread: captures no errno. Answers -1 if it failed.
  static long write(int fd, MemorySegment bytes) {
    try {
      return (long) WRITE.invokeExact(fd, bytes, bytes.byteSize());
    } catch (Throwable t) {
      throw failed("write", t);
    }
  }

  private static int result(int returned, MemorySegment errno) {
    return returned >= 0 ? returned : -errno.get(JAVA_INT, ERRNO_OFFSET);
  }

  private static IllegalStateException failed(String call, Throwable cause) {
    return new IllegalStateException("calling " + call, cause);
  }

  /// A call of up to three ints, then two pointers. Less is given more, which both calling
  /// conventions let a function ignore, and a length where a pointer may stand travels as one: so
  /// all of these share one shape. The JVM makes ten classes for each shape, which costs a start
  /// some 10 ms.
  private static MethodHandle setUp(String name) {
    return handle(name, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  }

  /// As [#setUp]: a descriptor, an address of the network, where its length is, flags.
  private static MethodHandle named(String name) {
    return handle(name, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  }

  /// As [#setUp]: a descriptor, structures, how many or how long, flags or a time, a pointer.
  private static MethodHandle listed(String name) {
    return handle(name, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  }

  private static MethodHandle handle(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments), CAPTURE_ERRNO);
  }

  /// recv and send: a descriptor, memory, its size, flags; answer with a number of bytes.
  private static MethodHandle transfer(String name) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name),
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
        CAPTURE_ERRNO);
  }
}
