package org.plenum.ice.port;

import java.io.IOException;

/// Tells which of many TCP sockets are ready, without waiting. Owned by one thread.
interface TcpPoller {
  /// Sockets told at once; the others are told next time.
  int MAX_READY = 64;

  /// Begins to watch for something to read or accept.
  ///
  /// @param token told when it is ready
  void add(Pollable socket, int token) throws IOException;

  /// From now on also watches for room to write, or no longer.
  void watchWritable(Pollable socket, int token, boolean on);

  /// Stops watching; closing does so too.
  void remove(Pollable socket);

  /// Looks which are ready now.
  ///
  /// @return how many; [#token] has them
  int poll();

  int token(int i);

  void close();
}
