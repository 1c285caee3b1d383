package org.plenum.cluster.embedded;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.jce.spec.ECNamedCurveSpec;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.plenum.cluster.Secrets;

/// The key pair that follows from a cluster's secret: whoever can prove it knows the secret.
///
/// @param publicKey the one that nodes trust
/// @param store with the private key and a certificate of it, opened by [#PASSWORD]
record NodeKey(PublicKey publicKey, KeyStore store) {
  /// Of a store that is never written anywhere.
  static final char[] PASSWORD = {'m', 'e', 'm', 'o', 'r', 'y'};

  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";

  static NodeKey of(String secret) {
    try {
      ECNamedCurveParameterSpec curve = ECNamedCurveTable.getParameterSpec(CURVE);
      var seed = new BigInteger(1, Secrets.derive(secret, "key between nodes"));
      BigInteger scalar = seed.mod(curve.getN().subtract(BigInteger.ONE)).add(BigInteger.ONE);
      var point = curve.getG().multiply(scalar).normalize();
      var spec =
          new ECNamedCurveSpec(CURVE, curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
      KeyFactory factory = KeyFactory.getInstance("EC");
      PrivateKey privateKey = factory.generatePrivate(new ECPrivateKeySpec(scalar, spec));
      PublicKey publicKey =
          factory.generatePublic(
              new ECPublicKeySpec(
                  new ECPoint(
                      point.getAffineXCoord().toBigInteger(),
                      point.getAffineYCoord().toBigInteger()),
                  spec));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "node", privateKey, PASSWORD, new Certificate[] {certificate(publicKey, privateKey)});
      return new NodeKey(publicKey, store);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("the key between nodes cannot be made: " + e, e);
    }
  }

  /// For all time: nodes look at its key alone, and their clocks need not agree.
  private static X509Certificate certificate(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException, OperatorCreationException {
    var name = new X500Name("CN=plenum node");
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            new Date(0),
            new Date(253_402_300_799_000L), // as long as RFC 5280 §4.1.2.5 can say
            name,
            publicKey);
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(privateKey)));
  }
}
