package org.plenum.bench.client;

import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

/// What one handshake accepts where the media server is the DTLS client (its answer says
/// `a=setup:active`), and its outcome.
final class AcceptingPeer extends DefaultTlsServer {
  /// What the media server's key may sign with.
  private static final List<SignatureAndHashAlgorithm> SIGNATURES =
      List.of(
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa),
          SignatureAndHashAlgorithm.rsa_pss_rsae_sha256,
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa));

  private final ClientCertificate certificate;
  private final DtlsFingerprint expected;
  private final SrtpProfile profile;
  private @Nullable SrtpKeys keys;

  AcceptingPeer(ClientCertificate certificate, DtlsFingerprint expected, SrtpProfile profile) {
    super(ClientCertificate.CRYPTO);
    this.certificate = certificate;
    this.expected = expected;
    this.profile = profile;
  }

  /// In this side's orientation; null before the handshake is complete.
  @Nullable SrtpKeys keys() {
    return keys;
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
    return DtlsEnd.HANDSHAKE_MILLIS;
  }

  /// The fingerprint vouches for the certificate; nobody signed it.
  @Override
  public boolean shouldCheckSigAlgOfPeerCerts() {
    return false;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void processClientExtensions(Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    UseSRTPData offer = TlsSRTPUtils.getUseSRTPExtension(extensions);
    boolean offered =
        offer != null
            && Arrays.stream(offer.getProtectionProfiles()).anyMatch(id -> id == profile.id());
    if (!offered) {
      throw DtlsEnd.noSuchProfile(AlertDescription.handshake_failure, profile);
    }
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    TlsSRTPUtils.addUseSRTPExtension(
        extensions, new UseSRTPData(new int[] {profile.id()}, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        ClientCertificate.CRYPTO,
        certificate.privateKey,
        certificate.chain,
        SIGNATURES.getFirst());
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        new Vector<>(SIGNATURES),
        null);
  }

  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    byte[] first = chain.isEmpty() ? null : chain.getCertificateAt(0).getEncoded();
    if (first == null || !DtlsEnd.matches(expected, first)) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate);
    }
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    int key = profile.keyBytes();
    int salt = profile.saltBytes();
    byte[] material = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
    // Client key, server key, client salt, server salt (RFC 5764 §4.2).
    keys =
        new SrtpKeys(
            profile,
            Arrays.copyOfRange(material, 0, key),
            Arrays.copyOfRange(material, 2 * key, 2 * key + salt),
            Arrays.copyOfRange(material, key, 2 * key),
            Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt)));
  }
}
