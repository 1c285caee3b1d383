package org.plenum.sfu;

import java.io.IOException;

/// A connection between the parts of a room on two nodes: messages in order, authenticated and
/// encrypted by whoever makes it. What it carries is for the SFU of the other node alone. Any
/// thread.
public interface NodeLine {
  /// Messages are no longer than this, in bytes.
  int MOST_BYTES = 1 << 20;

  /// The other node, by a name for the log.
  String node();

  /// Whether the other node works most of the time.
  boolean isBusy();

  /// Blocks while the other node does not keep up.
  ///
  /// @throws IOException if it is gone
  void send(byte[] message) throws IOException;

  /// Says so to the other node; idempotent.
  void close();

  /// What comes from the other node. Calls come one after another and may block.
  interface Listener {
    void onMessage(byte[] message);

    /// The other node closed it, or is gone, or [NodeLine#close] was called; nothing comes after
    /// it.
    void onClosed();
  }
}
