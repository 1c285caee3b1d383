package org.plenum.ice.port;

/// A socket of Linux.
interface LinuxDescriptor extends Pollable {
  /// -1 once it is closed.
  int descriptor();
}
