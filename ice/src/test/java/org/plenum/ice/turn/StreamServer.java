package org.plenum.ice.turn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.plenum.ice.port.ByteStream;
import org.plenum.ice.port.TcpListener;

/// Accepts connections on loopback and hands them over as streams of bytes, as a web server does.
final class StreamServer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 0, InetAddress.ofLiteral("127.0.0.1"));
  private final TcpListener listener;
  private final ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor();

  StreamServer(TcpListener listener) throws IOException {
    this.listener = listener;
    reading.execute(this::acceptAll);
  }

  int port() {
    return server.getLocalPort();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        reading.execute(() -> new Accepted(socket).read());
      }
    } catch (IOException e) {
      // closed
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    reading.close();
  }

  private final class Accepted implements ByteStream.Outside {
    private final Socket socket;
    private final ByteStream stream;
    private final ExecutorService writing = Executors.newSingleThreadExecutor();
    private final Semaphore room = new Semaphore(0);

    Accepted(Socket socket) {
      this.socket = socket;
      this.stream =
          new ByteStream(
              (InetSocketAddress) socket.getRemoteSocketAddress(),
              (InetSocketAddress) socket.getLocalSocketAddress(),
              null,
              this);
    }

    void read() {
      listener.adopt(stream);
      byte[] piece = new byte[7]; // so that no message comes as one
      try {
        int count = socket.getInputStream().read(piece);
        while (count >= 0) {
          ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(piece, count));
          while (!stream.receive(bytes)) {
            room.acquireUninterruptibly();
          }
          count = socket.getInputStream().read(piece);
        }
      } catch (IOException e) {
        // closed
      }
      stream.end();
    }

    private void write() {
      ByteBuffer bytes = ByteBuffer.allocate(100);
      try {
        while (stream.take(bytes) > 0) {
          socket.getOutputStream().write(bytes.array(), 0, bytes.position());
          bytes.clear();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void onOutput() {
      writing.execute(this::write);
    }

    @Override
    public void onRoom() {
      room.release();
    }

    @Override
    public void onClosed() {
      writing.execute(
          () -> {
            try {
              socket.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      writing.shutdown();
    }
  }
}
