package org.plenum.sfu.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DatagramTransport;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A handshake of a server of its own with a client on the calling thread, over two queues.
final class DtlsWarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(DtlsWarmUp.class);
  private static final int TIMEOUT_MILLIS = 10_000;

  private DtlsWarmUp() {}

  static void run(DtlsCertificate certificate) {
    var toClient = new DtlsInbox();
    try (var server = new DtlsServer(certificate)) {
      DtlsSession session = server.open(List.of(certificate.fingerprint()), listener(toClient));
      var client =
          new ClientPeer(certificate, SrtpProfile.AEAD_AES_128_GCM.id()) {
            @Override
            public int getHandshakeTimeoutMillis() {
              return TIMEOUT_MILLIS;
            }
          };
      new DTLSClientProtocol().connect(client, new Link(toClient, session)).close();
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("DTLS warm-up failed", e);
    }
  }

  private static DtlsListener listener(DtlsInbox toClient) {
    return new DtlsListener() {
      @Override
      public void onOutgoing(byte[] datagram) {
        toClient.offer(datagram);
      }

      @Override
      public void onKeys(SrtpKeys keys) {}

      @Override
      public void onFailed(DtlsFailure reason) {
        toClient.close();
      }

      @Override
      public void onClosed() {
        toClient.close();
      }
    };
  }

  /// The client's socket.
  private record Link(DtlsInbox incoming, DtlsSession server) implements DatagramTransport {
    @Override
    public int getReceiveLimit() {
      return 2048;
    }

    @Override
    public int getSendLimit() {
      return SessionTransport.MAX_SEND_BYTES;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
      try {
        byte[] datagram = incoming.take(waitMillis * 1_000_000L);
        if (datagram == null) {
          if (incoming.isClosed()) {
            throw new IOException("the server gave up");
          }
          return -1;
        }
        System.arraycopy(datagram, 0, buffer, offset, Math.min(length, datagram.length));
        return Math.min(length, datagram.length);
      } catch (InterruptedException e) {
        throw new InterruptedIOException("interrupted");
      }
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
      server.onDatagram(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    @Override
    public void close() {}
  }
}
