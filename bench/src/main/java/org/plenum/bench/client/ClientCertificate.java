package org.plenum.bench.client;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
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

/// The one self-signed ECDSA P-256 certificate that all load clients show; any thread.
final class ClientCertificate {
  static final BcTlsCrypto CRYPTO = new BcTlsCrypto(new SecureRandom());

  private static final X500Name NAME = new X500Name("CN=plenum-load");
  private static final Duration LIFETIME = Duration.ofDays(2);

  final Certificate chain;
  final AsymmetricKeyParameter privateKey;

  /// As in a=fingerprint: "sha-256 AB:CD…" (RFC 8122 §5).
  final String fingerprint;

  ClientCertificate() {
    try {
      AsymmetricCipherKeyPair keys = keyPair();
      X509CertificateHolder holder = selfSigned(keys);
      privateKey = keys.getPrivate();
      chain =
          new Certificate(
              new TlsCertificate[] {new BcTlsCertificate(CRYPTO, holder.toASN1Structure())});
      fingerprint = "sha-256 " + sha256(holder.getEncoded());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make an ECDSA P-256 certificate", e);
    }
  }

  /// Upper-case hexadecimal bytes joined by colons.
  static String sha256(byte[] certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate);
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java runtime has it
    }
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
            BigInteger.ONE,
            Date.from(now.minus(LIFETIME)),
            Date.from(now.plus(LIFETIME)),
            NAME,
            keys.getPublic());
    var signature = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    var digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
    return builder.build(new BcECContentSignerBuilder(signature, digest).build(keys.getPrivate()));
  }
}
