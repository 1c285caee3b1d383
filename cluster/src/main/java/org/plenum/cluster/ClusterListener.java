package org.plenum.cluster;

/// What happens to a cluster. Calls come on a thread of the cluster's, one after another, and may
/// block for a moment.
public interface ClusterListener {
  /// Another node serves a room that this one did.
  void onLost(RoomDirectory.Claim claim);

  /// A room is over that nobody serves any more: its owner is gone, or was given it, and nobody
  /// came. One node is told.
  void onAbandoned(String room, RoomEntry entry);

  /// Whether this node sees enough others to open rooms; called when it changes.
  void onQuorum(boolean has);
}
