package org.plenum.ice.port;

import org.plenum.ice.tcp.FrameBuffer;
import org.plenum.ice.tcp.FrameQueue;

/// A TCP connection of a worker. Owned by its thread, but for the time before it was handed over.
final class TcpConnection {
  final TcpSocket socket;
  final FrameBuffer in;
  final FrameQueue out;

  /// When it is closed if no authenticated request comes before.
  long deadlineNanos;

  /// Given by the worker's port; 0 before.
  int number;

  /// Whether it waits for its turn to be read.
  boolean queued;

  /// Whether something was appended since the last write.
  boolean dirty;

  /// Whether the poller tells when there is room to write.
  boolean watchedWritable;

  boolean closed;

  TcpConnection(TcpSocket socket, FrameBuffer in, long deadlineNanos) {
    this.socket = socket;
    this.in = in;
    this.out = new FrameQueue(in.framing());
    this.deadlineNanos = deadlineNanos;
  }
}
