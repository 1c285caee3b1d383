package org.plenum.sfu.testclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A client's end of ICE-TCP: datagrams as frames (RFC 4571). Received on one thread, sent from
/// any.
final class TcpPath implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(1 << 17);

  TcpPath(Selector selector, InetSocketAddress server) {
    try {
      channel = SocketChannel.open(server);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void send(byte[] datagram) {
    ByteBuffer frame =
        ByteBuffer.allocate(2 + datagram.length)
            .putShort((short) datagram.length)
            .put(datagram)
            .flip();
    try {
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    } catch (IOException e) {
      // The connection is gone, as a test may want it.
    }
  }

  /// The next datagram, or null if none is whole.
  byte @Nullable [] receive() {
    try {
      channel.read(in);
    } catch (IOException e) {
      return null;
    }
    in.flip();
    byte[] datagram = null;
    if (in.remaining() >= 2 && in.remaining() - 2 >= in.getChar(0)) {
      datagram = new byte[in.getChar()];
      in.get(datagram);
    }
    in.compact();
    return datagram;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
