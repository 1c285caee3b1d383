package org.plenum.sfu.dtls;

/// Runs DTLS sessions, one virtual thread each, at most 2 × cores handshakes at once; the rest
/// queue (bounded, 10 s). Any thread.
public final class DtlsServer {
  public DtlsServer(DtlsCertificate certificate) {
    throw new UnsupportedOperationException();
  }

  /// Opens a session for a peer whose certificate must have one of `expected`. Nothing is sent
  /// before the peer's ClientHello.
  public DtlsSession open(java.util.List<DtlsFingerprint> expected, DtlsListener listener) {
    throw new UnsupportedOperationException();
  }

  /// Replaces the certificate for sessions opened from now on.
  public void rotate(DtlsCertificate certificate) {
    throw new UnsupportedOperationException();
  }

  /// The certificate for new sessions.
  public DtlsCertificate certificate() {
    throw new UnsupportedOperationException();
  }

  public DtlsCounters counters() {
    throw new UnsupportedOperationException();
  }

  /// Closes all sessions.
  public void close() {
    throw new UnsupportedOperationException();
  }
}
