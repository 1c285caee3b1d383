package org.plenum.sfu.srtp;

/// Chooses the crypto back ends once, by self-test, and makes senders and receivers. Any thread.
public final class SrtpFactory {
  /// Loads libcrypto (else JCE), runs the RFC 7714 and RFC 3711 self-tests of every back end that
  /// will be used, and
  /// warms up jitsi-srtp's own choice, so that no call pays for it.
  ///
  /// @throws IllegalStateException if no back end passes
  public static SrtpFactory selfTested() {
    throw new UnsupportedOperationException();
  }

  /// Which back end serves GCM, for the log: "libcrypto OpenSSL 3.0.x" or "JCE".
  public String gcmBackend() {
    throw new UnsupportedOperationException();
  }

  public SrtpReceiver receiver(SrtpKeys keys) {
    throw new UnsupportedOperationException();
  }

  public SrtpSender sender(SrtpKeys keys) {
    throw new UnsupportedOperationException();
  }
}
