package org.plenum.ice.port;

import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What a [TcpListener] needs of the system, by system calls or by channels.
interface TcpIo {
  /// Connections not yet accepted; the kernel drops further ones, and clients try again.
  int BACKLOG = 1024;

  /// Opens a listening socket.
  ///
  /// @param address null for all
  /// @param port 0 for any free one
  /// @throws java.net.BindException if the port is taken or the address is not ours
  TcpServer listen(@Nullable InetAddress address, int port) throws IOException;

  TcpPoller poller();

  /// Waits until a watched socket is ready, [#wakeUp] was called, or the time is over.
  void await(long timeoutNanos);

  /// Any thread.
  void wakeUp();

  void close();
}
