package org.plenum.signaling.relay;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.function.Predicate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A way to ask a TURN server something. Blocks; one thread at a time.
interface TurnExchange extends AutoCloseable {
  /// In all, for one question.
  int PATIENCE_MILLIS = 7_500;

  /// Throws IOException if nothing comes that `isAnswer`.
  byte[] ask(byte[] request, Predicate<byte[]> isAnswer) throws IOException;

  @Override
  void close() throws IOException;

  static TurnExchange open(TurnUrl url) throws IOException {
    InetSocketAddress to = new InetSocketAddress(url.host(), url.port());
    if (to.isUnresolved()) {
      throw new IOException("the name " + url.host() + " is not known");
    }
    return switch (url.way()) {
      case UDP -> new ByUdp(to);
      case TCP -> new ByTcp(connected(to));
      case TLS -> new ByTcp(secured(connected(to), url));
    };
  }

  private static Socket connected(InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(to, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket secured(Socket plain, TurnUrl url) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, url.host(), url.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }

  /// Asks again after 500 ms, and each time waits twice as long (RFC 8489 §6.2.1).
  final class ByUdp implements TurnExchange {
    private static final int FIRST_MILLIS = 500;
    private static final int MOST_BYTES = 2048;

    private final DatagramSocket socket = new DatagramSocket();

    ByUdp(InetSocketAddress to) throws IOException {
      socket.connect(to);
    }

    @Override
    public byte[] ask(byte[] request, Predicate<byte[]> isAnswer) throws IOException {
      int waited = 0;
      for (int wait = FIRST_MILLIS; waited < PATIENCE_MILLIS; wait *= 2) {
        socket.send(new DatagramPacket(request, request.length));
        socket.setSoTimeout(wait);
        waited += wait;
        try {
          DatagramPacket packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
          socket.receive(packet);
          byte[] message = Arrays.copyOf(packet.getData(), packet.getLength());
          if (isAnswer.test(message)) {
            return message;
          }
        } catch (SocketTimeoutException e) {
          // once more
        }
      }
      throw new IOException("it does not answer");
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /// Messages follow each other without a frame (RFC 8489 §6.2.2).
  final class ByTcp implements TurnExchange {
    private final Socket socket;

    ByTcp(Socket socket) {
      this.socket = socket;
    }

    @Override
    public byte[] ask(byte[] request, Predicate<byte[]> isAnswer) throws IOException {
      socket.getOutputStream().write(request);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] header = new byte[TurnMessage.HEADER_BYTES];
      in.readFully(header);
      byte[] message = Arrays.copyOf(header, TurnMessage.length(header));
      in.readFully(message, header.length, message.length - header.length);
      if (!isAnswer.test(message)) {
        throw new IOException("it answers something else");
      }
      return message;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
