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
import org.bouncycastle.tls.DTLSServerProtocol;
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

/// The DTLS end of one participant (RFC 5764), a client unless the media server wants to be that: a
/// handshake on a virtual thread of its own, then nothing but the close_notify at the end.
final class DtlsEnd implements DatagramTransport {
  private static final int MAX_SEND_BYTES = 1200;
  private static final int MAX_RECEIVE_BYTES = 2048;
  static final int HANDSHAKE_MILLIS = 30_000;
  private static final int INBOX = 32;

  private final ClientCertificate certificate;
  private final DtlsFingerprint server;
  private final SrtpProfile profile;
  private final boolean accepts;
  private final Consumer<byte[]> outgoing;
  private final Outcome outcome;
  private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(INBOX);
  private volatile @Nullable DTLSTransport association;

  /// Where the handshake ends; called on its thread.
  interface Outcome {
    /// The keys in this participant's orientation.
    void onKeys(SrtpKeys keys);

    void onFailed(Throwable reason);
  }

  /// @param accepts whether the media server is the DTLS client
  /// @param outgoing takes datagrams for the server; any thread
  DtlsEnd(
      ClientCertificate certificate,
      DtlsFingerprint server,
      SrtpProfile profile,
      boolean accepts,
      Consumer<byte[]> outgoing,
      Outcome outcome) {
    this.certificate = certificate;
    this.server = server;
    this.profile = profile;
    this.accepts = accepts;
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
      SrtpKeys keys = accepts ? accept() : connect();
      if (keys == null) {
        throw new IOException("the handshake ended without keys");
      }
      outcome.onKeys(keys);
    } catch (IOException | RuntimeException e) {
      outcome.onFailed(e);
    }
  }

  private @Nullable SrtpKeys connect() throws IOException {
    var peer = new Peer();
    association = new DTLSClientProtocol().connect(peer, this);
    return peer.keys;
  }

  private @Nullable SrtpKeys accept() throws IOException {
    var peer = new AcceptingPeer(certificate, server, profile);
    association = new DTLSServerProtocol().accept(peer, this);
    return peer.keys();
  }

  static TlsFatalAlert noSuchProfile(short alert, SrtpProfile profile) {
    return new TlsFatalAlert(
        alert, "the server does not take " + profile + ": try the other of --srtp gcm and cm");
  }

  static boolean matches(DtlsFingerprint fingerprint, byte[] certificate) {
    return fingerprint.hash().equalsIgnoreCase("sha-256")
        && fingerprint.value().equalsIgnoreCase(ClientCertificate.sha256(certificate));
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
      return new int[] {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
      };
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
        throw noSuchProfile(AlertDescription.illegal_parameter, profile);
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
      if (!matches(server, certificate)) {
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
