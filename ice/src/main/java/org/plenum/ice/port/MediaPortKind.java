package org.plenum.ice.port;

/// Which implementation of [MediaPort] to use.
public enum MediaPortKind {
  /// Linux's if it works here, else the portable one.
  AUTO,
  LINUX,
  NIO
}
