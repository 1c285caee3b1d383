package org.plenum.sfu;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The other nodes, for a room that needs more than this one. Any thread.
@FunctionalInterface
public interface RoomNodes {
  /// Chooses a node and opens a line to it, whose other end is given to its SFU. May block.
  ///
  /// @param taken [NodeLine#node]s that have a part of the room already
  /// @return null if no node takes anything
  /// @throws IOException if the node cannot be reached
  @Nullable NodeLine open(RoomId room, Set<String> taken, NodeLine.Listener listener)
      throws IOException;
}
