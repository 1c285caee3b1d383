package org.plenum.signaling.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A path between one client and the server on which media gets lost, and nothing else; it may be a
/// long one. A relay of UDP datagrams on loopback.
final class LossyRelay implements AutoCloseable {
  private static final int MOST_BYTES = 2_048;

  private final DatagramSocket toClient;
  private final DatagramSocket toServer;
  private final AtomicReference<@Nullable SocketAddress> client = new AtomicReference<>();
  private final long delayNanos;

  /// A datagram under way.
  private record UnderWay(byte[] bytes, long dueNanos) {}

  /// @param upLoss part of the RTP from the client that is lost
  /// @param downLoss part of the RTP to the client that is lost
  LossyRelay(int serverPort, double upLoss, double downLoss, long seed) {
    this(serverPort, upLoss, downLoss, 0, seed);
  }

  /// @param delayMillis each way
  LossyRelay(int serverPort, double upLoss, double downLoss, int delayMillis, long seed) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    var server = new InetSocketAddress(loopback, serverPort);
    delayNanos = TimeUnit.MILLISECONDS.toNanos(delayMillis);
    try {
      toClient = new DatagramSocket(0, loopback);
      toServer = new DatagramSocket(0, loopback);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Random up = new Random(seed);
    Random down = new Random(seed + 1);
    pass(toClient, toServer, () -> server, () -> up.nextDouble() < upLoss);
    pass(toServer, toClient, client::get, () -> down.nextDouble() < downLoss);
  }

  /// What the client is to take for the server's port.
  int port() {
    return toClient.getLocalPort();
  }

  private void pass(
      DatagramSocket in,
      DatagramSocket out,
      Supplier<@Nullable SocketAddress> to,
      BooleanSupplier loses) {
    var underWay = new LinkedBlockingQueue<UnderWay>();
    Thread.ofVirtual().start(() -> receive(in, loses, underWay));
    Thread.ofVirtual().start(() -> send(out, to, underWay));
  }

  private void receive(
      DatagramSocket in, BooleanSupplier loses, LinkedBlockingQueue<UnderWay> underWay) {
    var datagram = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
    while (!in.isClosed()) {
      try {
        datagram.setLength(MOST_BYTES);
        in.receive(datagram);
        if (in == toClient) {
          client.set(datagram.getSocketAddress());
        }
        byte[] bytes = Arrays.copyOf(datagram.getData(), datagram.getLength());
        if (!(isRtp(bytes) && loses.getAsBoolean())) {
          underWay.add(new UnderWay(bytes, System.nanoTime() + delayNanos));
        }
      } catch (IOException e) {
        // Closed, or the other side is gone: like any loss.
      }
    }
  }

  private static void send(
      DatagramSocket out,
      Supplier<@Nullable SocketAddress> to,
      LinkedBlockingQueue<UnderWay> underWay) {
    while (!out.isClosed()) {
      try {
        UnderWay next = underWay.poll(1, TimeUnit.SECONDS);
        SocketAddress address = to.get();
        if (next != null && address != null) {
          TimeUnit.NANOSECONDS.sleep(next.dueNanos - System.nanoTime());
          out.send(new DatagramPacket(next.bytes, next.bytes.length, address));
        }
      } catch (IOException e) {
        // As above.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /// RFC 7983, RFC 5761.
  private static boolean isRtp(byte[] datagram) {
    int first = datagram[0] & 0xFF;
    int second = datagram.length < 2 ? 0 : datagram[1] & 0xFF;
    return first >= 128 && first <= 191 && (second < 192 || second > 223);
  }

  @Override
  public void close() {
    toClient.close();
    toServer.close();
  }
}
