package org.plenum.sfu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;

/// A network between two UDP ports, in one direction, that loses datagrams and adds forged ones.
final class LossyWire implements AutoCloseable {
  private final DatagramSocket socket;
  private final InetSocketAddress to;
  private final Random random = new Random(23);

  /// Share of datagrams that get lost.
  volatile double loss;

  /// Datagrams of which a forged copy comes before them.
  volatile int forge;

  LossyWire(InetSocketAddress to) {
    this.to = to;
    try {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::run);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }

  private void run() {
    byte[] bytes = new byte[2048];
    try {
      while (true) {
        var packet = new DatagramPacket(bytes, bytes.length);
        socket.receive(packet);
        byte[] datagram = java.util.Arrays.copyOf(bytes, packet.getLength());
        if (forge > 0) {
          forge--;
          byte[] forged = datagram.clone();
          forged[forged.length - 1] ^= 1;
          socket.send(new DatagramPacket(forged, forged.length, to));
        }
        if (random.nextDouble() >= loss) {
          socket.send(new DatagramPacket(datagram, datagram.length, to));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
