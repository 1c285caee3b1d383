package org.plenum.ice.port;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Tells of [ByteStream]s, which have something to read or have room because another thread says so
/// ([#tell]), beside the sockets that another poller tells of.
final class StreamPoller implements TcpPoller {
  private final TcpPoller sockets;
  private final Runnable wakeUp;
  private final Queue<ByteStream> told = new ConcurrentLinkedQueue<>(); // each once
  private final int[] tokens = new int[2 * MAX_READY];

  /// @param wakeUp ends the wait of the thread that polls; any thread
  StreamPoller(TcpPoller sockets, Runnable wakeUp) {
    this.sockets = sockets;
    this.wakeUp = wakeUp;
  }

  /// Any thread.
  void tell(ByteStream stream) {
    told.add(stream);
    wakeUp.run();
  }

  @Override
  public void add(Pollable socket, int token) throws IOException {
    if (socket instanceof ByteStream stream) {
      stream.watchBy(this, token);
    } else {
      sockets.add(socket, token);
    }
  }

  @Override
  public void watchWritable(Pollable socket, int token, boolean on) {
    if (socket instanceof ByteStream stream) {
      stream.watchWritable(on);
    } else {
      sockets.watchWritable(socket, token, on);
    }
  }

  @Override
  public void remove(Pollable socket) {
    if (socket instanceof ByteStream stream) {
      stream.unwatch();
    } else {
      sockets.remove(socket);
    }
  }

  @Override
  public int poll() {
    int count = sockets.poll();
    for (int i = 0; i < count; i++) {
      tokens[i] = sockets.token(i);
    }
    int limit = count + MAX_READY;
    while (count < limit) {
      ByteStream stream = told.poll();
      if (stream == null) {
        return count;
      }
      if (stream.isToldBy(this)) {
        tokens[count++] = stream.token();
      }
    }
    wakeUp.run(); // the rest is told next time, and nothing else would wake for it
    return count;
  }

  @Override
  public int token(int i) {
    return tokens[i];
  }

  @Override
  public void close() {
    sockets.close();
  }
}
