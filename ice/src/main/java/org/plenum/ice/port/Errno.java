package org.plenum.ice.port;

/// The Linux error numbers this package tells apart (`errno.h`; alike on x86-64 and aarch64).
final class Errno {
  static final int EPERM = 1;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int ENOSYS = 38;
  static final int EMSGSIZE = 90;
  static final int EAFNOSUPPORT = 97;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ENETUNREACH = 101;
  static final int ECONNABORTED = 103;
  static final int ENOBUFS = 105;
  static final int ECONNREFUSED = 111;
  static final int EHOSTUNREACH = 113;

  private Errno() {}

  /// Whether the send buffer or the device queue is full: waiting would help, skipping would not.
  static boolean isSendBufferFull(int errno) {
    return errno == EAGAIN || errno == ENOBUFS;
  }

  /// The name in `errno.h`, or "errno 123" for those that never matter here.
  static String nameOf(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM";
      case EINTR -> "EINTR";
      case EIO -> "EIO";
      case EAGAIN -> "EAGAIN";
      case EACCES -> "EACCES";
      case EINVAL -> "EINVAL";
      case EMFILE -> "EMFILE";
      case ENOSYS -> "ENOSYS";
      case EMSGSIZE -> "EMSGSIZE";
      case EAFNOSUPPORT -> "EAFNOSUPPORT";
      case EADDRINUSE -> "EADDRINUSE";
      case EADDRNOTAVAIL -> "EADDRNOTAVAIL";
      case ENETUNREACH -> "ENETUNREACH";
      case ECONNABORTED -> "ECONNABORTED";
      case ENOBUFS -> "ENOBUFS";
      case ECONNREFUSED -> "ECONNREFUSED";
      case EHOSTUNREACH -> "EHOSTUNREACH";
      default -> "errno " + errno;
    };
  }
}
