package org.plenum.signaling.http;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// A certificate chain with its private key, from PEM files.
final class TlsKeys {
  /// Of the key store in memory; it never leaves it.
  static final String PASSWORD = "in memory";

  private static final String ALIAS = "tls";

  /// Of a subjectAltName (RFC 5280 §4.2.1.6).
  private static final int DNS_NAME = 2;

  private TlsKeys() {}

  /// Throws IllegalStateException with one sentence that names the file that is wrong.
  static KeyStore load(Path certificate, Path key) {
    List<X509Certificate> chain = chain(certificate);
    PrivateKey privateKey = privateKey(key);
    if (!privateKey.getAlgorithm().equals(chain.getFirst().getPublicKey().getAlgorithm())) {
      throw new IllegalStateException(
          "tls.key " + key + " is no key of the first certificate in " + certificate);
    }
    return keyStore(privateKey, chain);
  }

  static KeyStore keyStore(PrivateKey key, List<X509Certificate> chain) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(ALIAS, key, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the TLS key cannot be used: " + e.getMessage(), e);
    }
  }

  /// The first full DNS name that the certificate is for, none with `*`; empty if there is none.
  static String firstName(KeyStore keys) {
    try {
      if (!(keys.getCertificate(ALIAS) instanceof X509Certificate certificate)) {
        return "";
      }
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return (names == null ? List.<List<?>>of() : names)
          .stream()
              .filter(name -> name.get(0) instanceof Integer kind && kind == DNS_NAME)
              .map(name -> String.valueOf(name.get(1)))
              .filter(name -> name.contains(".") && !name.contains("*"))
              .findFirst()
              .orElse("");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate's names cannot be read", e);
    }
  }

  private static List<X509Certificate> chain(Path file) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Object each : entries(file)) {
        if (each instanceof X509CertificateHolder holder) {
          chain.add(new JcaX509CertificateConverter().getCertificate(holder));
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("tls.certificate " + file + " cannot be read: " + say(e), e);
    }
    if (chain.isEmpty()) {
      throw new IllegalStateException("tls.certificate " + file + " holds no certificate in PEM");
    }
    return chain;
  }

  private static PrivateKey privateKey(Path file) {
    try {
      for (Object each : entries(file)) {
        PrivateKeyInfo info =
            switch (each) {
              case PEMKeyPair pair -> pair.getPrivateKeyInfo();
              case PrivateKeyInfo found -> found;
              default -> null;
            };
        if (info != null) {
          return new JcaPEMKeyConverter().getPrivateKey(info);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("tls.key " + file + " cannot be read: " + say(e), e);
    }
    throw new IllegalStateException(
        "tls.key " + file + " holds no private key in PEM without a password");
  }

  private static List<Object> entries(Path file) throws IOException {
    List<Object> entries = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
        entries.add(each);
      }
    }
    return entries;
  }

  private static String say(Exception e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
