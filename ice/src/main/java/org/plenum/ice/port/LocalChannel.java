package org.plenum.ice.port;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import org.plenum.ice.NetworkPath;

/// A channel bound to one local address.
final class LocalChannel {
  final DatagramChannel channel;
  final long high;
  final long low;
  final int receiveBufferBytes;
  final int sendBufferBytes;

  private LocalChannel(DatagramChannel channel, InetAddress address) throws IOException {
    this.channel = channel;
    high = NetworkPath.high(address);
    low = NetworkPath.low(address);
    receiveBufferBytes = channel.getOption(StandardSocketOptions.SO_RCVBUF);
    sendBufferBytes = channel.getOption(StandardSocketOptions.SO_SNDBUF);
  }

  static LocalChannel open(InetAddress address, int port) throws IOException {
    boolean v4 = NetworkPath.isIpv4(NetworkPath.high(address), NetworkPath.low(address));
    DatagramChannel channel =
        DatagramChannel.open(v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, MediaPorts.BUFFER_BYTES);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, MediaPorts.BUFFER_BYTES);
      channel.bind(new InetSocketAddress(address, port));
      return new LocalChannel(channel, address);
    } catch (BindException e) {
      closeQuietly(channel);
      throw isOurs(address) ? MediaPorts.portInUse(port) : MediaPorts.notOurs(address);
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  /// Java tells a taken port from a foreign address by the system's words only; an address that
  /// can be bound with any port is ours.
  private static boolean isOurs(InetAddress address) {
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return channel.socket().getLocalPort();
  }

  void close() {
    closeQuietly(channel);
  }

  private static void closeQuietly(DatagramChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to be done with it.
    }
  }
}
