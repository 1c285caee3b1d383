package org.plenum.sfu.dtls;

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
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

/// What we accept in one handshake, and its outcome: DTLS 1.2, ECDSA, a client certificate
/// with one of the expected fingerprints, and use_srtp (RFC 5764).
///
/// HelloVerifyRequest (RFC 6347 §4.2.1) is not used: datagrams come only from a path that ICE has
/// validated, so nobody can make us send to a forged address.
final class ServerPeer extends DefaultTlsServer {
  /// GCM alone: [RecordFilter] counts on its smallest record.
  private static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
  };

  /// What a client's key may sign with: browsers have P-256 keys, GStreamer and others RSA.
  private static final List<SignatureAndHashAlgorithm> SIGNATURES =
      List.of(
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa),
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa),
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha512, SignatureAlgorithm.ecdsa),
          SignatureAndHashAlgorithm.rsa_pss_rsae_sha256,
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa),
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha384, SignatureAlgorithm.rsa),
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha512, SignatureAlgorithm.rsa));

  private final DtlsCertificate certificate;
  private final List<DtlsFingerprint> expected;
  private final DtlsLimits limits;
  private @Nullable SrtpProfile profile;
  private @Nullable SrtpKeys keys;
  private @Nullable DtlsFailure failure;
  private boolean closeNotifyReceived;

  ServerPeer(DtlsCertificate certificate, List<DtlsFingerprint> expected, DtlsLimits limits) {
    super(DtlsCertificate.CRYPTO);
    this.certificate = certificate;
    this.expected = expected;
    this.limits = limits;
  }

  /// The keying material; null before the handshake is complete.
  @Nullable SrtpKeys keys() {
    return keys;
  }

  /// Why this side refused the peer, or null if it did not.
  @Nullable DtlsFailure failure() {
    return failure;
  }

  boolean closeNotifyReceived() {
    return closeNotifyReceived;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return TlsUtils.getSupportedCipherSuites(getCrypto(), CIPHER_SUITES);
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return Math.toIntExact(limits.handshakeTimeout().toMillis());
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return limits.resendMillis();
  }

  /// The exporter is unsafe without it (RFC 7627 §5.4), and every WebRTC client has it.
  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
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
    profile = offer == null ? null : choose(offer.getProtectionProfiles());
    if (profile == null) {
      // RFC 5764 §4.1.1: an alert where DTLS without SRTP is of no use
      throw refuse(DtlsFailure.NO_COMMON_SRTP_PROFILE, AlertDescription.handshake_failure);
    }
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    TlsSRTPUtils.addUseSRTPExtension(
        extensions, new UseSRTPData(new int[] {chosenProfile().id()}, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        DtlsCertificate.CRYPTO,
        certificate.privateKey(),
        certificate.chain(),
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
    if (first == null || expected.stream().noneMatch(one -> one.matches(first))) {
      throw refuse(DtlsFailure.FINGERPRINT_MISMATCH, AlertDescription.bad_certificate);
    }
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SrtpProfile chosen = chosenProfile();
    int length = 2 * (chosen.keyBytes() + chosen.saltBytes());
    keys = split(chosen, context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, length));
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    closeNotifyReceived |= description == AlertDescription.close_notify;
  }

  /// RFC 5764 §4.2: client key, server key, client salt, server salt.
  static SrtpKeys split(SrtpProfile profile, byte[] material) {
    int key = profile.keyBytes();
    int salt = profile.saltBytes();
    return new SrtpKeys(
        profile,
        Arrays.copyOfRange(material, 0, key),
        Arrays.copyOfRange(material, 2 * key, 2 * key + salt),
        Arrays.copyOfRange(material, key, 2 * key),
        Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt)));
  }

  /// Our order decides, not the client's.
  private static @Nullable SrtpProfile choose(int[] offered) {
    for (SrtpProfile candidate : SrtpProfile.values()) {
      if (Arrays.stream(offered).anyMatch(id -> id == candidate.id())) {
        return candidate;
      }
    }
    return null;
  }

  private SrtpProfile chosenProfile() {
    if (profile == null) {
      throw new IllegalStateException("no SRTP profile was chosen");
    }
    return profile;
  }

  private TlsFatalAlert refuse(DtlsFailure reason, short alert) {
    failure = reason;
    return new TlsFatalAlert(alert);
  }
}
