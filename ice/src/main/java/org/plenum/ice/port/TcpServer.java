package org.plenum.ice.port;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A listening TCP socket, non-blocking. Owned by one thread.
interface TcpServer extends Pollable {
  int port();

  /// The next connection, or null if none waits.
  ///
  /// @throws IOException if the system is short of descriptors or memory
  @Nullable TcpSocket accept() throws IOException;

  @Override
  void close();
}
