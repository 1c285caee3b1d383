package org.plenum.signaling.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A path between one client and the server on which media gets lost, and nothing else: a relay of
/// UDP datagrams on loopback.
final class LossyRelay implements AutoCloseable {
  private static final int MOST_BYTES = 2_048;

  private final DatagramSocket toClient;
  private final DatagramSocket toServer;
  private final AtomicReference<@Nullable SocketAddress> client = new AtomicReference<>();

  /// @param upLoss part of the RTP from the client that is lost
  /// @param downLoss part of the RTP to the client that is lost
  LossyRelay(int serverPort, double upLoss, double downLoss, long seed) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    var server = new InetSocketAddress(loopback, serverPort);
    try {
      toClient = new DatagramSocket(0, loopback);
      toServer = new DatagramSocket(0, loopback);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Random up = new Random(seed);
    Random down = new Random(seed + 1);
    Thread.ofVirtual()
        .start(() -> pass(toClient, toServer, server, () -> up.nextDouble() < upLoss));
    Thread.ofVirtual()
        .start(() -> pass(toServer, toClient, null, () -> down.nextDouble() < downLoss));
  }

  /// What the client is to take for the server's port.
  int port() {
    return toClient.getLocalPort();
  }

  /// @param to null: the client
  private void pass(
      DatagramSocket in, DatagramSocket out, @Nullable SocketAddress to, BooleanSupplier loses) {
    var datagram = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
    while (!in.isClosed()) {
      try {
        datagram.setLength(MOST_BYTES);
        in.receive(datagram);
        if (to != null) {
          client.set(datagram.getSocketAddress());
        }
        SocketAddress next = to != null ? to : client.get();
        if (next != null && !(isRtp(datagram) && loses.getAsBoolean())) {
          datagram.setSocketAddress(next);
          out.send(datagram);
        }
      } catch (IOException e) {
        // Closed, or the other side is gone: like any loss.
      }
    }
  }

  /// RFC 7983, RFC 5761.
  private static boolean isRtp(DatagramPacket datagram) {
    int first = datagram.getData()[0] & 0xFF;
    int second = datagram.getData()[1] & 0xFF;
    return first >= 128 && first <= 191 && (second < 192 || second > 223);
  }

  @Override
  public void close() {
    toClient.close();
    toServer.close();
  }
}
