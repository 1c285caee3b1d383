package org.plenum.cluster.link;

import java.io.IOException;

/// The way to other nodes: in order, each frame once, or not at all.
public interface FrameSender {
  /// Blocks while the other node does not keep up.
  ///
  /// @param node its id
  void send(String node, byte[] frame) throws IOException;
}
