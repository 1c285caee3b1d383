package org.plenum.bench.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

/// The DTLS client of one participant (RFC 5764): a handshake on a virtual thread of its own, then
/// nothing but the close_notify at the end.
final class DtlsClient implements DatagramTransport {
  private static final int MAX_SEND_BYTES = 1200;
  private static final int MAX_RECEIVE_BYTES = 2048;
  private static final int HANDSHAKE_MILLIS = 30_000;
  private static final int INBOX = 32;

  private final ClientCertificate certificate;
  private final DtlsFingerprint server;
  private final SrtpProfile profile;
  private final Consumer<byte[]> outgoing;
  private final Outcome outcome;
  private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(INBOX);
  private volatile @Nullable DTLSTransport association;

  /// Where the handshake ends; called on its thread.
  interface Outcome {
    /// The keys in the client's orientation.
    void onKeys(SrtpKeys keys);

    void onFailed(Throwable reason);
  }

  /// @param outgoing takes datagrams for the server; any thread
  DtlsClient(
      ClientCertificate certificate,
      DtlsFingerprint server,
      SrtpProfile profile,
      Consumer<byte[]> outgoing,
      Outcome outcome) {
    this.certificate = certificate;
    this.server = server;
    this.profile = profile;
    this.outgoing = outgoing;
    this.outcome = outcome;
  }

  void start() {
    Thread.ofVirtual().name("dtls-client").start(this::run);
  }

  /// A full inbox drops; the handshake retransmits.
  void onDatagram(byte[] datagram) {
    if (association == null) {
      inbox.offer(datagram);
    }
  }

  private void run() {
    try {
      var peer = new Peer();
      association = new DTLSClientProtocol().connect(peer, this);
      SrtpKeys keys = peer.keys;
      if (keys == null) {
        throw new IOException("the handshake ended without keys");
      }
      outcome.onKeys(keys);
    } catch (IOException | RuntimeException e) {
      outcome.onFailed(e);
    }
  }

  @Override
  public int getReceiveLimit() {
    return MAX_RECEIVE_BYTES;
  }

  @Override
  public int getSendLimit() {
    return MAX_SEND_BYTES;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    try {
      byte[] datagram = inbox.poll(waitMillis, TimeUnit.MILLISECONDS);
      if (datagram == null || datagram.length > length) {
        return -1;
      }
      System.arraycopy(datagram, 0, buffer, offset, datagram.length);
      return datagram.length;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    outgoing.accept(Arrays.copyOfRange(buffer, offset, offset + length));
  }

  /// Sends close_notify if there is an association.
  @Override
  public void close() {
    DTLSTransport open = association;
    if (open != null) {
      association = null;
      try {
        open.close();
      } catch (IOException e) {
        // It could not say goodbye; the server finds out by ICE.
      }
    }
  }

  private final class Peer extends DefaultTlsClient {
    @Nullable SrtpKeys keys;

    Peer() {
      super(ClientCertificate.CRYPTO);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return HANDSHAKE_MILLIS;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Hashtable getClientExtensions() throws IOException {
      Hashtable extensions = super.getClientExtensions();
      TlsSRTPUtils.addUseSRTPExtension(
          extensions, new UseSRTPData(new int[] {profile.id()}, TlsUtils.EMPTY_BYTES));
      return extensions;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processServerExtensions(Hashtable extensions) throws IOException {
      super.processServerExtensions(extensions);
      UseSRTPData agreed = TlsSRTPUtils.getUseSRTPExtension(extensions);
      if (agreed == null || agreed.getProtectionProfiles()[0] != profile.id()) {
        throw new TlsFatalAlert(AlertDescription.illegal_parameter);
      }
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new Authentication(new TlsCryptoParameters(context));
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      int key = profile.keyBytes();
      int salt = profile.saltBytes();
      byte[] material =
          context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
      // Client key, server key, client salt, server salt (RFC 5764 §4.2).
      keys =
          new SrtpKeys(
              profile,
              Arrays.copyOfRange(material, key, 2 * key),
              Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt)),
              Arrays.copyOfRange(material, 0, key),
              Arrays.copyOfRange(material, 2 * key, 2 * key + salt));
    }
  }

  private final class Authentication implements TlsAuthentication {
    private final TlsCryptoParameters parameters;

    Authentication(TlsCryptoParameters parameters) {
      this.parameters = parameters;
    }

    @Override
    public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
      byte[] certificate = shown.getCertificate().getCertificateAt(0).getEncoded();
      boolean known =
          server.hash().equals("sha-256")
              && server.value().equalsIgnoreCase(ClientCertificate.sha256(certificate));
      if (!known) {
        throw new TlsFatalAlert(AlertDescription.bad_certificate);
      }
    }

    @Override
    public TlsCredentials getClientCredentials(CertificateRequest ignored) {
      return new BcDefaultTlsCredentialedSigner(
          parameters,
          ClientCertificate.CRYPTO,
          certificate.privateKey,
          certificate.chain,
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }
  }
}
