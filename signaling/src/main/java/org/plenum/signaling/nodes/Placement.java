package org.plenum.signaling.nodes;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.NodeInfo;

/// On which node a room is opened.
final class Placement {
  /// Loads that differ by less than this many thousandths count as the same.
  private static final int STEP = 50;

  /// For how many participants a room counts that was placed since the node spoke last.
  private static final int EXPECTED_PARTICIPANTS = 4;

  /// Among so many nodes, drawn by the room's name, the least loaded is chosen. What nodes know of
  /// one another is up to a second old: if all chose among all, all would choose the same one
  /// (docs/scaling.md has the figures).
  static final int DRAWN = 3;

  private Placement() {}

  /// The least loaded of some of those that take rooms: of our region, if there is one; this node
  /// rather than one that has as little to do.
  ///
  /// @param placed rooms that this node placed since, by id
  /// @param room its name
  /// @return null if none takes rooms
  static @Nullable NodeInfo choose(
      List<NodeInfo> nodes, String self, String region, Map<String, Integer> placed, String room) {
    return choose(nodes, self, region, placed, room, DRAWN);
  }

  /// @param drawn among how many
  static @Nullable NodeInfo choose(
      List<NodeInfo> nodes,
      String self,
      String region,
      Map<String, Integer> placed,
      String room,
      int drawn) {
    List<NodeInfo> open = nodes.stream().filter(node -> !node.draining()).toList();
    List<NodeInfo> near = open.stream().filter(node -> node.region().equals(region)).toList();
    return draw(near.isEmpty() ? open : near, room, drawn).stream()
        .min(
            Comparator.<NodeInfo, Integer>comparing(node -> node.load() / STEP)
                .thenComparing(
                    node ->
                        node.participants()
                            + EXPECTED_PARTICIPANTS * placed.getOrDefault(node.id(), 0))
                .thenComparing(node -> !node.id().equals(self))
                .thenComparing(NodeInfo::id))
        .orElse(null);
  }

  private static List<NodeInfo> draw(List<NodeInfo> nodes, String room, int drawn) {
    return nodes.size() <= drawn
        ? nodes
        : nodes.stream()
            .sorted(Comparator.comparing(node -> mark(room, node.id())))
            .limit(drawn)
            .toList();
  }

  private static long mark(String room, String node) {
    var sum = new CRC32C();
    sum.update((room + " " + node).getBytes(StandardCharsets.UTF_8));
    return sum.getValue() * 0x9E37_79B9_7F4A_7C15L; // a CRC alone is linear in what it sums up
  }
}
