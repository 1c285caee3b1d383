package org.plenum.sfu.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.bc.BcX509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/// Our self-signed ECDSA P-256 certificate with its key; immutable, any thread. Making one takes up
/// to seconds on a cold JVM.
public final class DtlsCertificate {
  /// Shared by all sessions: stateless but for the random source, which is safe to share.
  static final BcTlsCrypto CRYPTO = new BcTlsCrypto(new SecureRandom());

  private static final X500Name NAME = new X500Name("CN=plenum");

  /// Peers know us by the fingerprint and not by the dates; a year outlives every process.
  private static final Duration LIFETIME = Duration.ofDays(365);

  /// For peers whose clocks are behind ours.
  private static final Duration CLOCK_SKEW = Duration.ofDays(1);

  private final Certificate chain;
  private final AsymmetricKeyParameter privateKey;
  private final DtlsFingerprint fingerprint;

  private DtlsCertificate(X509CertificateHolder holder, AsymmetricKeyParameter privateKey)
      throws IOException {
    this.privateKey = privateKey;
    chain =
        new Certificate(
            new TlsCertificate[] {new BcTlsCertificate(CRYPTO, holder.toASN1Structure())});
    fingerprint = DtlsFingerprint.of("sha-256", holder.getEncoded());
  }

  public static DtlsCertificate generate() {
    try {
      AsymmetricCipherKeyPair keys = keyPair();
      return new DtlsCertificate(selfSigned(keys), keys.getPrivate());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make an ECDSA P-256 certificate", e);
    }
  }

  /// Its SHA-256 fingerprint.
  public DtlsFingerprint fingerprint() {
    return fingerprint;
  }

  Certificate chain() {
    return chain;
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }

  private static AsymmetricCipherKeyPair keyPair() {
    var generator = new ECKeyPairGenerator();
    generator.init(
        new ECKeyGenerationParameters(
            ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1),
            CRYPTO.getSecureRandom()));
    return generator.generateKeyPair();
  }

  private static X509CertificateHolder selfSigned(AsymmetricCipherKeyPair keys)
      throws IOException, OperatorCreationException {
    Instant now = Instant.now();
    var builder =
        new BcX509v3CertificateBuilder(
            NAME,
            new BigInteger(63, CRYPTO.getSecureRandom()).setBit(63), // positive (RFC 5280 §4.1.2.2)
            Date.from(now.minus(CLOCK_SKEW)),
            Date.from(now.plus(LIFETIME)),
            NAME,
            keys.getPublic());
    var signature = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    var digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
    return builder.build(new BcECContentSignerBuilder(signature, digest).build(keys.getPrivate()));
  }
}
