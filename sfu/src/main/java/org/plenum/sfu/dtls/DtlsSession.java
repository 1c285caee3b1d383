package org.plenum.sfu.dtls;

/// One DTLS association, server side. Any thread.
public final class DtlsSession {
  /// Hands over one datagram from the ICE-validated path; the callee owns it. Dropped when 32 are
  /// waiting.
  public void onDatagram(byte[] datagram) {
    throw new UnsupportedOperationException();
  }

  /// Sends close_notify if it can and ends the session; idempotent, does not block.
  public void close() {
    throw new UnsupportedOperationException();
  }
}
