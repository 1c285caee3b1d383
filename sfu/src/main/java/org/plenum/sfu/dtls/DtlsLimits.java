package org.plenum.sfu.dtls;

import java.time.Duration;

/// The bounds of a [DtlsServer]; other values than [#DEFAULTS] are for tests.
///
/// @param handshakes that compute at once; one that waits for its peer does not count
/// @param waiting ClientHellos that may wait for their turn
/// @param turnTimeout how long one waits for its turn
/// @param handshakeTimeout how long a handshake may take from its turn on
/// @param resendMillis until the first retransmission of a flight; doubles each time
record DtlsLimits(
    int handshakes,
    int waiting,
    Duration turnTimeout,
    Duration handshakeTimeout,
    int resendMillis) {
  /// RFC 6347 §4.2.4.1 names 1 s and lets time-sensitive applications take less: a caller waits for
  /// sight and sound, and a resend costs two datagrams.
  private static final int RESEND_MILLIS = 250;

  static final DtlsLimits DEFAULTS =
      new DtlsLimits(
          2 * Runtime.getRuntime().availableProcessors(),
          1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          RESEND_MILLIS);
}
