package org.plenum.sfu.dtls;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Runs DTLS sessions, one virtual thread each. At most 2 × cores handshakes compute at once; the
/// rest queue (bounded, 10 s). Any thread.
public final class DtlsServer implements AutoCloseable {
  private final DtlsLimits limits;
  private final HandshakeGate gate;
  private final DtlsCounters counters = new DtlsCounters();
  private final Set<DtlsSession> sessions = ConcurrentHashMap.newKeySet();
  private volatile DtlsCertificate certificate;
  private volatile boolean closed;

  public DtlsServer(DtlsCertificate certificate) {
    this(certificate, DtlsLimits.DEFAULTS);
  }

  DtlsServer(DtlsCertificate certificate, DtlsLimits limits) {
    this.certificate = certificate;
    this.limits = limits;
    gate = new HandshakeGate(limits.handshakes(), limits.waiting());
  }

  /// Opens a session for a peer whose certificate must have one of `expected`. Nothing is sent
  /// before the peer's ClientHello. The caller closes it; after [#close] it is closed from the
  /// start.
  public DtlsSession open(List<DtlsFingerprint> expected, DtlsListener listener) {
    var peer = new ServerPeer(certificate, List.copyOf(expected), limits);
    var session = new DtlsSession(this, peer, listener);
    sessions.add(session);
    if (closed) {
      session.close();
    }
    return session;
  }

  /// Runs one handshake with ourselves in memory, so that no caller pays for loading and compiling
  /// the classes. Counts nowhere. Blocks for up to seconds; returns early if interrupted, with the
  /// flag set.
  public void warmUp() {
    DtlsWarmUp.run(certificate);
  }

  /// Replaces the certificate for sessions opened from now on.
  public void rotate(DtlsCertificate certificate) {
    this.certificate = certificate;
  }

  /// The certificate for new sessions.
  public DtlsCertificate certificate() {
    return certificate;
  }

  public DtlsCounters counters() {
    return counters;
  }

  /// Closes all sessions, without waiting for their last words.
  @Override
  public void close() {
    closed = true;
    sessions.forEach(DtlsSession::close);
  }

  DtlsLimits limits() {
    return limits;
  }

  HandshakeGate gate() {
    return gate;
  }

  void forget(DtlsSession session) {
    sessions.remove(session);
  }

  /// Sessions that have not ended.
  int sessions() {
    return sessions.size();
  }
}
