package org.plenum.sfu.dtls;

/// Our self-signed ECDSA P-256 certificate with its key; immutable, any thread. Making one takes up
/// to seconds on a cold JVM.
public final class DtlsCertificate {
  public static DtlsCertificate generate() {
    throw new UnsupportedOperationException();
  }

  /// Its SHA-256 fingerprint.
  public DtlsFingerprint fingerprint() {
    throw new UnsupportedOperationException();
  }
}
