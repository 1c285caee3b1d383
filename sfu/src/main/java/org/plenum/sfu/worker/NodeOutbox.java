package org.plenum.sfu.worker;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.node.NodeMessage;
import org.plenum.sfu.node.RecordForm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages to a part of a room on another node, in order, sent by a thread of its own: whoever
/// sends never waits. A node that does not keep up loses the line. Any thread.
final class NodeOutbox {
  private static final Logger log = LoggerFactory.getLogger(NodeOutbox.class);

  /// Messages that wait; minutes of what a room has to tell.
  private static final int MOST = 20_000;

  /// A message, or the end of them.
  private record Waiting(@Nullable NodeMessage message) {}

  private final NodeLine line;
  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MOST);
  private volatile boolean closed;

  NodeOutbox(NodeLine line) {
    this.line = line;
    Thread.ofVirtual().name("node-line").start(this::run);
  }

  /// No effect once it is closed.
  void send(NodeMessage message) {
    if (!closed && !queue.offer(new Waiting(message))) {
      log.warn("node {} does not keep up with a room: its part of it ends", line.node());
      abort();
    }
  }

  /// What waits is sent first.
  void close() {
    if (!closed) {
      closed = true;
      if (!queue.offer(new Waiting(null))) {
        abort();
      }
    }
  }

  /// At once.
  private void abort() {
    closed = true;
    queue.clear();
    queue.add(new Waiting(null));
    line.close();
  }

  private void run() {
    try {
      while (true) {
        NodeMessage message = queue.take().message;
        if (message == null) {
          break;
        }
        line.send(RecordForm.write(NodeMessage.class, (Record) message));
      }
    } catch (IOException e) {
      log.debug("a line to node {} ends: {}", line.node(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed = true;
      queue.clear();
      line.close();
    }
  }
}
