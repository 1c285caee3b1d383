package org.plenum.ice.port;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/// [TcpIo] by Java's channels.
final class NioTcpIo implements TcpIo {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Selector selector = Selector.open();
  private final SelectorPoller poller = new SelectorPoller(selector);

  NioTcpIo() throws IOException {}

  @Override
  public TcpServer listen(@Nullable InetAddress address, int port) throws IOException {
    ServerSocketChannel channel =
        address instanceof Inet4Address
            ? ServerSocketChannel.open(StandardProtocolFamily.INET)
            : ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(
          address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port),
          BACKLOG);
      return new NioTcpServer(channel);
    } catch (BindException e) {
      channel.close();
      throw address == null || isOurs(address)
          ? MediaPorts.tcpPortInUse(port)
          : MediaPorts.notOurs(address);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Java tells a taken port from a foreign address by the system's words only.
  private static boolean isOurs(InetAddress address) {
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      probe.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public TcpPoller poller() {
    return poller;
  }

  @Override
  public void await(long timeoutNanos) {
    if (timeoutNanos <= 0) {
      return;
    }
    try {
      selector.select(Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI));
      selector.selectedKeys().clear();
    } catch (IOException e) {
      throw new IllegalStateException("waiting for connections failed", e);
    }
  }

  @Override
  public void wakeUp() {
    selector.wakeup();
  }

  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a selector failed", e);
    }
  }
}
