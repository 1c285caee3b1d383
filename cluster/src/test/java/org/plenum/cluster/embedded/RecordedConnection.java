package org.plenum.cluster.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Between two nodes: hands on what it gets, and keeps what the first who connects says.
final class RecordedConnection implements AutoCloseable {
  private final ServerSocket listener;
  private final int to;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  RecordedConnection(int port, int to) throws IOException {
    this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    this.to = to;
    Thread.ofPlatform().daemon().start(this::accept);
  }

  byte[] bytes() {
    synchronized (said) {
      return said.toByteArray();
    }
  }

  private void accept() {
    try {
      boolean first = true;
      while (true) {
        Socket from = listener.accept();
        var onward = new Socket(InetAddress.getLoopbackAddress(), to);
        sockets.addAll(List.of(from, onward));
        boolean keeps = first;
        first = false;
        Thread.ofPlatform().daemon().start(() -> copy(from, onward, keeps));
        Thread.ofPlatform().daemon().start(() -> copy(onward, from, false));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void copy(Socket from, Socket to, boolean keeps) {
    byte[] bytes = new byte[16_384];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (keeps) {
          synchronized (said) {
            said.write(bytes, 0, read);
          }
        }
        out.write(bytes, 0, read);
      }
    } catch (IOException e) {
      // one of them is gone
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket each : sockets) {
      each.close();
    }
  }
}
