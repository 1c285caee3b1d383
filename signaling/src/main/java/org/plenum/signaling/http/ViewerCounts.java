package org.plenum.signaling.http;

import java.util.HashMap;
import java.util.Map;
import org.plenum.sfu.RoomId;

/// About how many pages watch each broadcast, by what they call themselves. Kept of them is a
/// sketch for each broadcast, so they cost the same however many they are, and nobody can be told
/// from it. Any thread.
final class ViewerCounts {
  /// A page says so often that it still watches.
  private static final int LEAST_SECONDS = 30;

  /// They say it so often a second, all of a broadcast together; with more of them each says it
  /// less often.
  private static final int MOST_A_SECOND = 100;

  private static final long SECOND_NANOS = 1_000_000_000L;

  /// @param seconds after which the page is to say it again
  record Count(long viewers, int seconds) {}

  /// Of what is not broadcast.
  static final Count NOBODY = new Count(0, LEAST_SECONDS);

  /// Bounded by how many broadcasts there may be.
  private final Map<RoomId, Audience> audiences = new HashMap<>();

  /// A page watches a broadcast that there is.
  ///
  /// @param viewer its name for itself
  synchronized Count watches(RoomId room, String viewer, long nowNanos) {
    audiences.values().removeIf(each -> each.isOver(nowNanos));
    return audiences.computeIfAbsent(room, _ -> new Audience(nowNanos)).watches(viewer, nowNanos);
  }

  /// Who said so in the present while, and in the one before it.
  private static final class Audience {
    private DistinctSketch former = new DistinctSketch();
    private DistinctSketch present = new DistinctSketch();
    private long begunNanos;
    private int seconds = LEAST_SECONDS;

    Audience(long nowNanos) {
      begunNanos = nowNanos;
    }

    Count watches(String viewer, long nowNanos) {
      if (nowNanos - begunNanos >= whileNanos()) {
        DistinctSketch oldest = former;
        former = present;
        present = oldest;
        present.clear();
        begunNanos = nowNanos;
      }
      present.add(viewer);
      long viewers = present.countWith(former);
      seconds = Math.clamp(viewers / MOST_A_SECOND, LEAST_SECONDS, Integer.MAX_VALUE);
      return new Count(viewers, seconds);
    }

    boolean isOver(long nowNanos) {
      return nowNanos - begunNanos >= 2 * whileNanos();
    }

    /// Some more than a page lets pass.
    private long whileNanos() {
      return seconds * SECOND_NANOS * 4 / 3;
    }
  }
}
