package org.plenum.ice.port;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A listening TCP socket by Java's channels.
final class NioTcpServer implements TcpServer, NioChannel {
  /// Of the kernel: media that waits longer is stale.
  private static final int SEND_BUFFER_BYTES = 128 << 10;

  private final ServerSocketChannel channel;

  NioTcpServer(ServerSocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public int port() {
    return channel.socket().getLocalPort();
  }

  @Override
  public @Nullable TcpSocket accept() throws IOException {
    SocketChannel accepted = channel.accept();
    if (accepted == null) {
      return null;
    }
    try {
      accepted.configureBlocking(false);
      accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
      accepted.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
      return NioTcpSocket.of(accepted);
    } catch (IOException | RuntimeException e) {
      accepted.close();
      throw e;
    }
  }

  @Override
  public SelectableChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    NioTcpSocket.closeQuietly(channel);
  }
}
