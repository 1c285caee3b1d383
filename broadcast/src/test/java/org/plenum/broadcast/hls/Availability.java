package org.plenum.broadcast.hls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/// RFC 8216 §6.2.2: a segment that is listed no more must be there for as long as it takes itself
/// and the longest playlist that listed it.
public final class Availability {
  private static final double NANOS = 1e9;

  /// When what is new is written at the same time as the playlist.
  private static final double SLACK_SECONDS = 0.1;

  private final Map<Long, Double> owed = new HashMap<>();
  private final SortedMap<Long, Long> leftNanos = new TreeMap<>();
  private long checks;

  /// A client loads a playlist.
  ///
  /// @param items what it lists
  /// @param isThere whether a segment of this number is served
  public void check(List<PlaylistRules.Item> items, LongPredicate isThere, long nowNanos) {
    double length =
        items.stream()
            .filter(PlaylistRules.Item::isComplete)
            .mapToDouble(PlaylistRules.Item::seconds)
            .sum();
    Set<Long> listed = new HashSet<>();
    for (PlaylistRules.Item item : items) {
      if (item.isComplete()) {
        listed.add(item.number());
        owed.merge(item.number(), item.seconds() + length, Math::max);
      }
    }
    for (long number : owed.keySet()) {
      if (!listed.contains(number)) {
        leftNanos.putIfAbsent(number, nowNanos);
      }
    }
    leftNanos.entrySet().removeIf(left -> isSettled(left, nowNanos));
    if (!leftNanos.isEmpty()) {
      // They go in their order.
      long oldest = leftNanos.firstKey();
      checks++;
      assertTrue(isThere.test(oldest), "segment " + oldest + " is gone and was owed still");
    }
  }

  private boolean isSettled(Map.Entry<Long, Long> left, long nowNanos) {
    double passed = (nowNanos - left.getValue()) / NANOS;
    if (passed < owed.getOrDefault(left.getKey(), 0.0) - SLACK_SECONDS) {
      return false;
    }
    owed.remove(left.getKey());
    return true;
  }

  /// How often something was found that was listed no more.
  public long checks() {
    return checks;
  }
}
