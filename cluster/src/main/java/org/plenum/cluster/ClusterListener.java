package org.plenum.cluster;

/// What happens to a cluster. Calls come on a thread of the cluster's, one after another, and may
/// block for a moment.
public interface ClusterListener {
  /// Another node serves a room that this one did.
  void onLost(RoomDirectory.Claim claim);

  /// Whether this node sees enough others to open rooms; called when it changes.
  void onQuorum(boolean has);
}
