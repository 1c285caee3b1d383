package org.plenum.cluster.embedded;

import org.plenum.cluster.Cluster;
import org.plenum.cluster.ClusterSettings;
import org.plenum.cluster.NodeInfo;

/// The way into this package: no type of the engine stands in it, so that whoever compiles against
/// it needs to know none.
public final class ClusterStart {
  private ClusterStart() {}

  /// Joins the cluster, or begins one. Blocks for some seconds. Throws IllegalStateException with
  /// one sentence if that cannot be.
  ///
  /// @param info what this node is like, without an id
  public static Cluster start(ClusterSettings settings, NodeInfo info) {
    return EmbeddedCluster.start(settings, info);
  }
}
