package org.plenum.sfu.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/// What Bouncy Castle takes for a socket: reads the inbox through the [RecordFilter], and packs the
/// records it writes into datagrams. The session's thread only.
///
/// While a handshake waits for its peer it gives up its [Turn], so that peers who never answer
/// keep nobody else waiting.
final class SessionTransport implements DatagramTransport {
  /// Fits into any path that WebRTC media fits into.
  static final int MAX_SEND_BYTES = 1200;

  private static final int MAX_RECEIVE_BYTES = 2048;

  private final DtlsInbox inbox;
  private final Turn turn;
  private final DtlsListener listener;
  private final long turnTimeoutNanos;
  private final RecordFilter filter = new RecordFilter();
  private final ArrayDeque<byte[]> records = new ArrayDeque<>();
  private final byte[] outgoing = new byte[MAX_SEND_BYTES];
  private int outgoingBytes;
  private boolean handshaking = true;
  private boolean closed;

  SessionTransport(DtlsInbox inbox, Turn turn, DtlsListener listener, Duration turnTimeout) {
    this.inbox = inbox;
    this.turn = turn;
    this.listener = listener;
    turnTimeoutNanos = turnTimeout.toNanos();
  }

  /// The handshake is over: no turns any more.
  void onHandshakeComplete() {
    handshaking = false;
    turn.giveUp();
  }

  @Override
  public int getReceiveLimit() {
    return MAX_RECEIVE_BYTES;
  }

  @Override
  public int getSendLimit() {
    return MAX_SEND_BYTES;
  }

  /// @return bytes of the next record, or -1 if none came within `waitMillis`
  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    flush();
    byte[] record = nextRecord(waitMillis * 1_000_000L);
    if (record == null || record.length > length) {
      return -1;
    }
    System.arraycopy(record, 0, buffer, offset, record.length);
    return record.length;
  }

  /// Collects records until the datagram is full or the next [#receive]: a flight in one
  /// datagram is lost less often than one in five, and cannot be reordered.
  @Override
  public void send(byte[] buffer, int offset, int length) throws IOException {
    if (length > MAX_SEND_BYTES) {
      throw new TlsFatalAlert(AlertDescription.internal_error);
    }
    if (outgoingBytes + length > MAX_SEND_BYTES) {
      flush();
    }
    System.arraycopy(buffer, offset, outgoing, outgoingBytes, length);
    outgoingBytes += length;
  }

  void flush() {
    if (outgoingBytes > 0) {
      byte[] datagram = Arrays.copyOf(outgoing, outgoingBytes);
      outgoingBytes = 0;
      listener.onOutgoing(datagram);
    }
  }

  /// Called by Bouncy Castle once its last alert is written.
  @Override
  public void close() {
    flush();
    closed = true;
  }

  private byte @Nullable [] nextRecord(long waitNanos) throws IOException {
    long start = System.nanoTime();
    long left;
    do {
      refuseIfClosed();
      if (!records.isEmpty()) {
        return records.remove();
      }
      left = waitNanos - (System.nanoTime() - start);
      byte[] datagram = nextDatagram(left);
      if (datagram != null) {
        filter.accept(datagram, records);
      }
    } while (!records.isEmpty() || left > 0); // junk without end does not outlast the wait
    return null;
  }

  private byte @Nullable [] nextDatagram(long waitNanos) throws IOException {
    byte[] datagram = inbox.poll();
    if (datagram != null || waitNanos <= 0) {
      return datagram;
    }
    try {
      turn.giveUp();
      datagram = inbox.take(waitNanos);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
    takeTurnAgain();
    return datagram;
  }

  private void takeTurnAgain() throws IOException {
    if (handshaking && !inbox.isClosed() && !turn.takeAgain(turnTimeoutNanos)) {
      refuseIfClosed();
      throw new TlsTimeoutException("no turn to go on with the handshake");
    }
  }

  private void refuseIfClosed() throws IOException {
    if (closed || (inbox.isClosed() && !handshaking)) {
      throw new InterruptedIOException("closed"); // the one exception that does not make an alert
    }
    if (inbox.isClosed()) {
      throw new TlsFatalAlert(AlertDescription.user_canceled);
    }
  }
}
