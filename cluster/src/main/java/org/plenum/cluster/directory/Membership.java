package org.plenum.cluster.directory;

/// Who is there, as this node sees it.
public interface Membership {
  /// By [org.plenum.cluster.NodeInfo#id].
  boolean isAlive(String node);

  /// Whether this node sees enough others to open rooms.
  boolean hasQuorum();

  /// Whether this node does what only one needs to do.
  boolean isFirst();
}
