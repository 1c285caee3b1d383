package org.plenum.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.link.Links;

/// A running node of a cluster. Any thread.
public interface Cluster extends AutoCloseable {
  /// This node, by [NodeInfo#id].
  String self();

  /// The nodes that are there and have said what they are, this one too if it has; by name.
  List<NodeInfo> nodes();

  /// Null if it is not among [#nodes].
  @Nullable NodeInfo node(String id);

  /// How many nodes this one sees, itself included.
  int size();

  /// Whether this node sees enough others to open rooms.
  boolean hasQuorum();

  RoomDirectory directory();

  Links links();

  /// Tells the others what this node is like now. Does not block.
  void announce(NodeInfo info);

  /// How often the members changed.
  long viewChanges();

  /// Connections that were refused because the other side has another secret.
  long refusals();

  /// Begins to tell what happens.
  void listen(ClusterListener listener);

  /// Leaves in order.
  @Override
  void close();
}
