package org.plenum.sfu.dtls;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.srtp.SrtpKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One DTLS association, server side. Any thread.
///
/// Until something like a ClientHello arrives it has neither thread nor turn, so a participant who
/// never connects costs nothing. After the handshake its virtual thread stays parked, to repeat the
/// last flight (RFC 6347 §4.2.4) and to hear close_notify.
public final class DtlsSession {
  private static final Logger LOG = LoggerFactory.getLogger(DtlsSession.class);

  /// How long the parked thread sleeps at most; Bouncy Castle forgets the last flight when it wakes
  /// four minutes after the handshake.
  private static final int PARK_MILLIS = 60_000;

  private final DtlsServer server;
  private final ServerPeer peer;
  private final DtlsListener listener;
  private final Turn turn;
  private final DtlsInbox inbox = new DtlsInbox();
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean handshakeStarted;

  /// The session's thread only.
  private boolean complete;

  DtlsSession(DtlsServer server, ServerPeer peer, DtlsListener listener) {
    this.server = server;
    this.peer = peer;
    this.listener = listener;
    turn = new Turn(server.gate());
  }

  /// Hands over one datagram from the ICE-validated path; the callee owns it. Dropped when 32 are
  /// waiting.
  public void onDatagram(byte[] datagram) {
    if (!running.get() && !RecordFilter.isClientHello(datagram)) {
      server.counters().onUnexpectedDatagram();
      return;
    }
    switch (inbox.offer(datagram)) {
      case ACCEPTED -> startHandshake();
      case FULL -> server.counters().onDroppedDatagram();
      case CLOSED -> server.counters().onUnexpectedDatagram();
    }
  }

  /// Sends close_notify if it can and ends the session; idempotent, does not block.
  public void close() {
    inbox.close();
    turn.cancel();
    if (running.compareAndSet(false, true)) {
      start(); // only to report the end
    }
  }

  private void startHandshake() {
    if (running.compareAndSet(false, true)) {
      handshakeStarted = true;
      server.counters().onStarted();
      start();
    }
  }

  private void start() {
    Thread.ofVirtual().name("dtls").start(this::run);
  }

  private void run() {
    DtlsFailure failure = DtlsFailure.PROTOCOL;
    try {
      failure = converse();
    } catch (RuntimeException e) {
      LOG.error("DTLS session ended by a defect of ours", e);
    } finally {
      turn.giveUp();
      inbox.close();
      server.forget(this);
      report(failure);
    }
  }

  /// The whole life of the association.
  ///
  /// @return why the handshake failed; null if it was completed or closed
  private @Nullable DtlsFailure converse() {
    DtlsLimits limits = server.limits();
    if (!turn.take(limits.turnTimeout().toNanos())) {
      return inbox.isClosed() ? null : DtlsFailure.OVERLOADED;
    }
    var transport = new SessionTransport(inbox, turn, listener, limits.turnTimeout());
    try {
      DTLSTransport association = new DTLSServerProtocol().accept(peer, transport);
      onComplete(transport);
      park(association);
      return null;
    } catch (IOException e) {
      return reason(e);
    }
  }

  private void onComplete(SessionTransport transport) throws IOException {
    SrtpKeys keys = peer.keys();
    if (keys == null) {
      throw new IllegalStateException("handshake complete but no keys");
    }
    complete = true;
    transport.onHandshakeComplete();
    server.counters().onCompleted();
    listener.onKeys(keys); // before the last flight, which lets the peer send media
    transport.flush();
  }

  private void park(DTLSTransport association) throws IOException {
    byte[] ignored = new byte[association.getReceiveLimit()];
    try {
      while (!inbox.isClosed() && !peer.closeNotifyReceived()) {
        association.receive(ignored, 0, ignored.length, PARK_MILLIS);
      }
    } finally {
      association.close();
    }
  }

  private @Nullable DtlsFailure reason(IOException cause) {
    if (peer.failure() != null) {
      return peer.failure();
    }
    if (complete || inbox.isClosed() || peer.closeNotifyReceived()) {
      return null;
    }
    return cause instanceof TlsTimeoutException ? DtlsFailure.TIMEOUT : DtlsFailure.PROTOCOL;
  }

  private void report(@Nullable DtlsFailure failure) {
    if (failure != null && !complete) {
      server.counters().onFailed(failure);
      listener.onFailed(failure);
      return;
    }
    if (handshakeStarted && !complete) {
      server.counters().onAbandoned();
    }
    listener.onClosed();
  }
}
