package org.plenum.sfu.dtls;

import org.plenum.sfu.srtp.SrtpKeys;

/// What a [DtlsSession] tells its transport. Called on the session's virtual thread:
/// implementations post commands to the worker's mailbox.
public interface DtlsListener {
  /// A datagram to send, at most 1200 bytes; the callee owns it.
  void onOutgoing(byte[] datagram);

  /// The handshake is complete and the peer's certificate has the expected fingerprint.
  void onKeys(SrtpKeys keys);

  /// The handshake failed for good. Final.
  void onFailed(DtlsFailure reason);

  /// The peer sent close_notify, or [DtlsSession#close] was called. Final.
  void onClosed();
}
