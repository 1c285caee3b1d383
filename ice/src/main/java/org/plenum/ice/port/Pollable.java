package org.plenum.ice.port;

/// A socket that a [TcpPoller] of its own kind can watch.
interface Pollable {
  void close();
}
