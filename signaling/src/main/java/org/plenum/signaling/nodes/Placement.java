package org.plenum.signaling.nodes;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.NodeInfo;

/// On which node a room is opened.
final class Placement {
  /// Loads that differ by less than this many thousandths count as the same.
  private static final int STEP = 50;

  /// For how many participants a room counts that was placed since the node spoke last.
  private static final int EXPECTED_PARTICIPANTS = 4;

  private Placement() {}

  /// The least loaded of those that take rooms: of our region, if there is one; this node rather
  /// than one that has as little to do.
  ///
  /// @param placed rooms that this node placed since, by id
  /// @return null if none takes rooms
  static @Nullable NodeInfo choose(
      List<NodeInfo> nodes, String self, String region, Map<String, Integer> placed) {
    return nodes.stream()
        .filter(node -> !node.draining())
        .min(
            Comparator.<NodeInfo, Boolean>comparing(node -> !node.region().equals(region))
                .thenComparing(node -> node.load() / STEP)
                .thenComparing(
                    node ->
                        node.participants()
                            + EXPECTED_PARTICIPANTS * placed.getOrDefault(node.id(), 0))
                .thenComparing(node -> !node.id().equals(self))
                .thenComparing(NodeInfo::id))
        .orElse(null);
  }
}
