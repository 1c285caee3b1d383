package org.plenum.signaling.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.NodeInfo;
import org.plenum.signaling.session.OpenRoom;

/// What the API does with the nodes of a cluster. Any thread; blocks.
public interface NodeActions {
  /// Those that are there, by name.
  List<NodeInfo> nodes();

  /// The name of the node that has this id, or the id.
  String nameOf(String id);

  /// Whether this node sees enough others to open rooms.
  boolean hasQuorum();

  /// Which node has a room; null if none has.
  @Nullable String ownerOf(String room);

  /// Takes no new rooms from now on, and hands those that are open to other nodes. Returns how many
  /// were handed over; the rest nobody took.
  int drain();

  /// Hands a room of this node to another. Throws RefusedException if that does not take it.
  ///
  /// @param name of the node; null: the one with the least to do
  /// @return the other node's name
  String move(OpenRoom room, @Nullable String name);
}
