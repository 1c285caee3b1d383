package org.plenum.sfu.dtls;

/// Why a handshake failed; each constant is also a metric label.
public enum DtlsFailure {
  /// The peer's certificate does not have the fingerprint its SDP announced.
  FINGERPRINT_MISMATCH,
  /// The peer offered no SRTP profile that we speak.
  NO_COMMON_SRTP_PROFILE,
  /// Not complete within 10 s of its start.
  TIMEOUT,
  /// Waited 10 s for its turn, or the queue was full.
  OVERLOADED,
  /// The peer sent a fatal alert or something that is not DTLS 1.2.
  PROTOCOL
}
