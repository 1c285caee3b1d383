package org.plenum.ice.port;

/// Which implementation of [MediaPort] to use.
public enum MediaPortKind {
  /// The quickest that works here.
  AUTO,
  /// System calls of Linux with glibc, in batches.
  LINUX,
  /// Java's datagram channels: any system.
  NIO,
}
