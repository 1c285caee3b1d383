package org.plenum.sfu.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A certificate fingerprint as SDP carries it (RFC 8122 §5).
///
/// @param hash lower case, as in SDP: sha-256, sha-384 or sha-512
/// @param value upper-case hexadecimal bytes joined by colons
public record DtlsFingerprint(String hash, String value) {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  /// The fingerprint of a DER-encoded certificate.
  ///
  /// @throws IllegalArgumentException if `hash` is none of ours
  static DtlsFingerprint of(String hash, byte[] certificate) {
    return new DtlsFingerprint(hash, COLONS.formatHex(digest(algorithm(hash), certificate)));
  }

  /// Whether the DER-encoded certificate has this fingerprint; never with a hash other than ours,
  /// since MD5 and SHA-1 prove nothing (RFC 8122 §5.1).
  boolean matches(byte[] certificate) {
    return isSupported() && of(hash, certificate).value.equalsIgnoreCase(value);
  }

  private boolean isSupported() {
    return hash.equals("sha-256") || hash.equals("sha-384") || hash.equals("sha-512");
  }

  private static String algorithm(String hash) {
    return switch (hash) {
      case "sha-256" -> "SHA-256";
      case "sha-384" -> "SHA-384";
      case "sha-512" -> "SHA-512";
      default ->
          throw new IllegalArgumentException("hash is " + hash + ", not sha-256, -384, -512");
    };
  }

  private static byte[] digest(String algorithm, byte[] input) {
    try {
      return MessageDigest.getInstance(algorithm).digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java runtime of ours has SHA-2
    }
  }
}
