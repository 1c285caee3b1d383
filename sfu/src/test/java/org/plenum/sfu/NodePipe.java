package org.plenum.sfu;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.node.NodeMessage;
import org.plenum.sfu.node.RecordForm;

/// A connection between two nodes in one process.
final class NodePipe {
  private static final byte[] END = {};

  private final End owner = new End("far");
  private final End branch = new End("near");
  private final UnaryOperator<NodeMessage> onTheWay;

  /// Whether the owner knows that the branch hears its datagrams.
  volatile boolean isHeard;

  /// @param onTheWay changes what crosses
  NodePipe(UnaryOperator<NodeMessage> onTheWay) {
    this.onTheWay = onTheWay;
  }

  /// The end of the owner of the room; call [#begin] before it is used.
  NodeLine owner() {
    return owner;
  }

  NodeLine branch() {
    return branch;
  }

  /// Delivers from now on.
  void begin(NodeLine.Listener atOwner, NodeLine.Listener atBranch) {
    Thread.ofVirtual().start(() -> deliver(owner, atBranch));
    Thread.ofVirtual().start(() -> deliver(branch, atOwner));
  }

  /// As if a node died.
  void cut() {
    owner.close();
  }

  private void deliver(End from, NodeLine.Listener to) {
    try {
      while (true) {
        byte[] message = from.sent.take();
        if (message == END) {
          to.onClosed();
          return;
        }
        @Nullable NodeMessage read = RecordForm.read(NodeMessage.class, message);
        if (read == null) {
          throw new IllegalStateException("unreadable");
        }
        to.onMessage(RecordForm.write(NodeMessage.class, (Record) onTheWay.apply(read)));
        isHeard |= read instanceof NodeMessage.Heard;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class End implements NodeLine {
    final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    private final String other;
    private volatile boolean closed;

    End(String other) {
      this.other = other;
    }

    @Override
    public String node() {
      return other;
    }

    @Override
    public boolean isBusy() {
      return false;
    }

    @Override
    public void send(byte[] message) throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      sent.add(message);
    }

    @Override
    public void close() {
      for (End each : new End[] {owner, branch}) {
        if (!each.closed) {
          each.closed = true;
          each.sent.add(END);
        }
      }
    }
  }
}
