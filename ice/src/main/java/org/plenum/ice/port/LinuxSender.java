package org.plenum.ice.port;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPortCounters.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a range of a batch by sendmmsg, runs to one receiver as one message that the kernel cuts
/// up (UDP_SEGMENT). No allocation.
final class LinuxSender {
  /// Datagrams in one message at most: more would burst a receiver's link.
  static final int MAX_SEGMENTS = 8;

  private static final Logger log = LoggerFactory.getLogger(LinuxSender.class);
  private static final int MSG_DONTWAIT = 0x40;

  private final SendCall call;
  private final Iovecs iovecs = new Iovecs(SendBatch.CAPACITY);
  private final Messages messages = new Messages(SendBatch.CAPACITY);
  private final Messages resent = new Messages(MAX_SEGMENTS);
  private final MediaPortCounters counters;

  /// `sendmmsg`, or a double of it in tests.
  @FunctionalInterface
  interface SendCall {
    /// Sends messages by the socket with this descriptor.
    ///
    /// @return how many were sent before one failed, or the negated errno if the first failed
    int send(int fd, MemorySegment messages, int count);
  }

  LinuxSender(MediaPortCounters counters) {
    this(counters, kernel());
  }

  LinuxSender(MediaPortCounters counters, SendCall call) {
    this.counters = counters;
    this.call = call;
  }

  private static SendCall kernel() {
    MemorySegment errno = LinuxCalls.newErrno();
    return (fd, messages, count) -> LinuxCalls.sendmmsg(errno, fd, messages, count, MSG_DONTWAIT);
  }

  /// Sends datagrams `from` to `to - 1` of the batch by this socket.
  ///
  /// @return false if the send buffer is full: the rest of the range was dropped and counted
  boolean send(LinuxSocket socket, SendBatch batch, int from, int to) {
    long slab = batch.slab().address();
    for (int i = from; i < to; i++) {
      iovecs.set(i, slab + batch.offset(i), batch.length[i]);
    }
    return send(messages, socket, batch, from, to);
  }

  private boolean send(Messages m, LinuxSocket socket, SendBatch batch, int from, int to) {
    m.write(socket, batch, from, to, socket.segmentation && m == messages);
    int next = 0;
    while (next < m.count) {
      int result = call.send(socket.fd, m.headers.from(next), m.count - next);
      counters.add(Counter.SEND_CALLS, 1);
      if (result > 0) {
        markSent(batch, m.first[next], m.first[next + result]);
        next += result;
      } else if (Errno.isSendBufferFull(-result)) {
        counters.countSendError(-result);
        counters.add(Counter.SEND_BUFFER_FULL, to - m.first[next]);
        return false;
      } else if (result != -Errno.EINTR) {
        // The call ends before the message that fails; its errno comes with the next call.
        if (!skip(-result, socket, batch, m.first[next], m.first[next + 1])) {
          counters.add(Counter.SEND_BUFFER_FULL, to - m.first[next + 1]);
          return false;
        }
        next++;
      }
    }
    return true;
  }

  /// Gives up a datagram that was refused, or sends a refused run one by one.
  private boolean skip(int error, LinuxSocket socket, SendBatch batch, int from, int to) {
    if (to - from == 1) {
      counters.countSendError(error);
      counters.add(Counter.SEND_REFUSED, 1);
      return true;
    }
    boolean room = send(resent, socket, batch, from, to);
    // EINVAL may be the fault of the path (port 0, a foreign local address). It is the fault of
    // segmentation only if the same datagrams go out without it.
    boolean offload = error == Errno.EIO || error == Errno.EINVAL && batch.sent[from];
    if (offload && socket.segmentation) {
      socket.segmentation = false;
      log.info("UDP port {}: segmentation offload off: {}", socket.port, Errno.nameOf(error));
    }
    return room;
  }

  private void markSent(SendBatch batch, int from, int to) {
    long bytes = 0;
    for (int i = from; i < to; i++) {
      batch.sent[i] = true;
      bytes += batch.length[i];
    }
    counters.add(Counter.SENT_DATAGRAMS, to - from);
    counters.add(Counter.SENT_BYTES, bytes);
  }

  /// The messages of one call, and which datagrams each carries.
  private final class Messages {
    final MessageHeaders headers;

    /// Number of the first datagram of each message, and at [#count] the end of the last one.
    final int[] first;

    int count;

    Messages(int capacity) {
      headers = new MessageHeaders(capacity);
      first = new int[capacity + 1];
    }

    void write(LinuxSocket socket, SendBatch batch, int from, int to, boolean segmentation) {
      count = 0;
      int i = from;
      while (i < to) {
        int end = segmentation ? batch.endOfRun(i, to, MAX_SEGMENTS) : i + 1;
        writeOne(count, socket, batch, i, end);
        first[count++] = i;
        i = end;
      }
      first[count] = to;
    }

    private void writeOne(int m, LinuxSocket socket, SendBatch batch, int from, int to) {
      NetworkPath path = Objects.requireNonNull(batch.path(from));
      headers.nameLength(
          m,
          Sockaddr.write(
              headers.names(),
              headers.nameOffset(m),
              socket.family,
              path.remoteHigh(),
              path.remoteLow(),
              path.remotePort()));
      headers.iovecs(m, iovecs.address(from), to - from);
      writeControl(m, socket.family, path, to - from > 1 ? batch.length[from] : 0);
    }

    /// @param segmentBytes 0 if the message is a single datagram
    private void writeControl(int m, int family, NetworkPath path, int segmentBytes) {
      long start = headers.controlOffset(m);
      long at = start;
      if (segmentBytes > 0) {
        ControlMessages.writeSegmentSize(headers.controls(), at, segmentBytes);
        at += ControlMessages.SEGMENT_SPACE;
      }
      if ((path.localHigh() | path.localLow()) != 0) {
        at +=
            ControlMessages.writeLocalAddress(
                headers.controls(), at, family, path.localHigh(), path.localLow());
      }
      headers.control(m, start, at - start);
    }
  }
}
