package org.plenum.signaling;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.Cluster;
import org.plenum.cluster.embedded.ClusterStart;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.nodes.Nodes;

/// Makes this server a node. Nothing else names the engine, so that a server that is alone loads no
/// class of it.
final class Clustering {
  private Clustering() {}

  /// Blocks for some seconds. Throws IllegalStateException with one sentence.
  ///
  /// @return null if this server is alone
  static @Nullable Cluster join(ServerConfig config, InstantSource clock) {
    ServerConfig.Node node = config.cluster();
    return node == null ? null : join(node, config, clock);
  }

  private static Cluster join(ServerConfig.Node node, ServerConfig config, InstantSource clock) {
    return ClusterStart.start(
        node.settings(),
        Nodes.info(node, config.media().advertised(), 0, 0, 0, false, clock.millis()));
  }
}
