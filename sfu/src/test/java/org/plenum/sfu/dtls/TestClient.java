package org.plenum.sfu.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

/// A DTLS client on a virtual thread that sends into a consumer. Its keys are in the server's
/// orientation, to be compared as they are.
public final class TestClient implements DatagramTransport, AutoCloseable {
  public static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate();

  final DtlsInbox inbox = new DtlsInbox();
  public final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
  final CompletableFuture<Void> closeNotify = new CompletableFuture<>();
  private final Consumer<byte[]> toServer;
  private final int resendMillis;
  private final int[] profiles;
  private volatile boolean closing;
  private volatile byte @Nullable [] serverCertificate;
  private final Thread thread;

  public TestClient(Consumer<byte[]> toServer, int resendMillis, int... profiles) {
    this.toServer = toServer;
    this.resendMillis = resendMillis;
    this.profiles = profiles;
    thread = Thread.ofVirtual().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public void onDatagram(byte[] datagram) {
    inbox.offer(datagram);
  }

  /// Sends close_notify if connected, else just stops.
  @Override
  public void close() {
    closing = true;
    inbox.close();
  }

  /// Whether the server has said close_notify.
  public boolean sawClose() {
    return closeNotify.isDone();
  }

  /// Whether the server's certificate has this fingerprint.
  public boolean sawServer(DtlsFingerprint fingerprint) {
    byte[] seen = serverCertificate;
    return seen != null && fingerprint.matches(seen);
  }

  public void join() {
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run() {
    try {
      DTLSTransport association = new DTLSClientProtocol().connect(new Peer(), this);
      try {
        byte[] buffer = new byte[2048];
        while (!closing && !closeNotify.isDone()) {
          association.receive(buffer, 0, buffer.length, 1_000);
        }
      } finally {
        association.close();
      }
    } catch (IOException e) {
      keys.completeExceptionally(e);
    }
  }

  @Override
  public int getReceiveLimit() {
    return 2048;
  }

  @Override
  public int getSendLimit() {
    return 1200;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    if (closing || closeNotify.isDone()) {
      throw new InterruptedIOException("closed");
    }
    try {
      byte[] datagram = inbox.take(TimeUnit.MILLISECONDS.toNanos(waitMillis));
      if (datagram == null) {
        return -1;
      }
      System.arraycopy(datagram, 0, buffer, offset, datagram.length);
      return datagram.length;
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    toServer.accept(Arrays.copyOfRange(buffer, offset, offset + length));
  }

  private final class Peer extends ClientPeer {
    private SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

    Peer() {
      super(CERTIFICATE, profiles);
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return 10_000;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
      return resendMillis;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processServerExtensions(Hashtable extensions) throws IOException {
      super.processServerExtensions(extensions);
      int id = TlsSRTPUtils.getUseSRTPExtension(extensions).getProtectionProfiles()[0];
      profile = Arrays.stream(SrtpProfile.values()).filter(one -> one.id() == id).findFirst().get();
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      int length = 2 * (profile.keyBytes() + profile.saltBytes());
      byte[] material = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, length);
      serverCertificate =
          context
              .getSecurityParametersConnection()
              .getPeerCertificate()
              .getCertificateAt(0)
              .getEncoded();
      keys.complete(ServerPeer.split(profile, material));
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
      if (description == 0) {
        closeNotify.complete(null);
      }
    }
  }
}
