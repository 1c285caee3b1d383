package org.plenum.ice.port;

import java.lang.foreign.MemorySegment;
import org.plenum.ice.port.MediaPortCounters.Counter;

/// Fills the receive batch by recvmmsg. No allocation.
final class LinuxReceiver {
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;

  private final MemorySegment errno = LinuxCalls.newErrno();
  private final MessageHeaders headers = new MessageHeaders(ReceiveBatch.CAPACITY);
  private final Iovecs iovecs = new Iovecs(ReceiveBatch.CAPACITY);
  private final ReceivedControl control = new ReceivedControl();
  private final ReceiveBatch batch;
  private final MediaPortCounters counters;

  LinuxReceiver(ReceiveBatch batch, MediaPortCounters counters) {
    this.batch = batch;
    this.counters = counters;
    for (int i = 0; i < ReceiveBatch.CAPACITY; i++) {
      iovecs.set(i, batch.slab().address() + batch.offset(i), ReceiveBatch.SLOT_BYTES);
      headers.iovecs(i, iovecs.address(i), 1);
      makeReady(i);
    }
  }

  /// Reads what is ready at the socket into the batch from position `from` on.
  ///
  /// @return the position after the last datagram
  int receive(LinuxSocket socket, int from) {
    return receive(socket, from, 0);
  }

  /// As [#receive(LinuxSocket, int)], as having come over this connection.
  int receive(LinuxSocket socket, int from, int connection) {
    int room = ReceiveBatch.CAPACITY - from;
    int read = LinuxCalls.recvmmsg(errno, socket.fd, headers.from(from), room, MSG_DONTWAIT);
    counters.add(Counter.RECEIVE_CALLS, 1);
    if (read <= 0) {
      return from; // nothing there, or an error that the next call no longer sees
    }
    int to = from;
    long bytes = 0;
    for (int i = from; i < from + read; i++) {
      if (accept(socket, i, to)) {
        batch.connection[to] = connection;
        bytes += batch.length[to++];
      }
      makeReady(i);
    }
    counters.add(Counter.RECEIVED_DATAGRAMS, to - from);
    counters.add(Counter.RECEIVED_BYTES, bytes);
    return to;
  }

  /// Takes the datagram of header i as number `to` of the batch. They differ once an oversized one
  /// was dropped: then it is moved down to close the gap.
  private boolean accept(LinuxSocket socket, int i, int to) {
    control.read(headers.controls(), headers.controlOffset(i), headers.controlLength(i));
    countDrops(socket);
    if ((headers.flags(i) & MSG_TRUNC) != 0) {
      counters.add(Counter.OVERSIZED, 1);
      return false;
    }
    int length = headers.length(i);
    if (i != to) {
      MemorySegment slab = batch.slab();
      MemorySegment.copy(slab, batch.offset(i), slab, batch.offset(to), length);
    }
    batch.length[to] = length;
    batch.remoteHigh[to] = Sockaddr.high(headers.names(), headers.nameOffset(i));
    batch.remoteLow[to] = Sockaddr.low(headers.names(), headers.nameOffset(i));
    batch.remotePort[to] = Sockaddr.port(headers.names(), headers.nameOffset(i));
    batch.localHigh[to] = control.localHigh;
    batch.localLow[to] = control.localLow;
    return true;
  }

  private void countDrops(LinuxSocket socket) {
    if (control.hasDropCount && control.dropCount != socket.dropCount) {
      int drops = control.dropCount - socket.dropCount; // right across the wrap at 2^32
      counters.add(Counter.RECEIVE_OVERFLOW, Integer.toUnsignedLong(drops));
      socket.dropCount = control.dropCount;
    }
  }

  /// The kernel overwrites both lengths with what it used.
  private void makeReady(int i) {
    headers.nameLength(i, Sockaddr.MAX_BYTES);
    headers.control(i, headers.controlOffset(i), MessageHeaders.CONTROL_BYTES);
  }
}
