package org.plenum.ice.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.tcp.FrameBuffer;
import org.plenum.ice.tcp.FrameQueue;

/// A TCP connection by Java's channels.
final class NioTcpSocket extends TcpSocket implements NioChannel {
  private final SocketChannel channel;

  private NioTcpSocket(SocketChannel channel, InetSocketAddress remote, InetAddress local) {
    super(
        NetworkPath.high(remote.getAddress()),
        NetworkPath.low(remote.getAddress()),
        remote.getPort(),
        NetworkPath.high(local),
        NetworkPath.low(local));
    this.channel = channel;
  }

  static NioTcpSocket of(SocketChannel channel) throws IOException {
    var remote = (InetSocketAddress) channel.getRemoteAddress();
    var local = (InetSocketAddress) channel.getLocalAddress();
    if (remote == null || local == null) {
      throw new SocketException("the connection is gone");
    }
    return new NioTcpSocket(channel, remote, local.getAddress());
  }

  @Override
  public SelectableChannel channel() {
    return channel;
  }

  @Override
  int read(FrameBuffer into) {
    try {
      int count = channel.read(into.space().asByteBuffer());
      into.add(Math.max(0, count));
      return count;
    } catch (IOException e) {
      return ENDED;
    }
  }

  @Override
  boolean write(FrameQueue from) {
    try {
      while (!from.isEmpty()) {
        int count = channel.write(from.next().asByteBuffer());
        if (count == 0) {
          return true;
        }
        from.sent(count);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  static void closeQuietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to be done with it.
    }
  }
}
