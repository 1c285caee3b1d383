package org.plenum.broadcast.live;

import java.util.List;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.broadcast.programme.Programme;

/// Adds what is new in one programme to the counters. Its broadcast's thread only.
final class BroadcastTally {
  private static final long GRID = Rendition.TARGET_SECONDS * (long) Segment.TICKS;

  private final LiveCounters counters;
  private long added;
  private int discontinuities;
  private long lost;

  BroadcastTally(LiveCounters counters) {
    this.counters = counters;
  }

  /// To be called after each change.
  void update(Programme programme) {
    counters.lostPictures(programme.lostPictures() - lost);
    lost = programme.lostPictures();
    if (programme.renditions().isEmpty()) {
      return;
    }
    Rendition first = programme.renditions().getFirst();
    List<Rendition.Entry> listed = first.listed();
    for (int i = 0; i < listed.size(); i++) {
      Rendition.Entry entry = listed.get(i);
      if (entry.number() < added) {
        continue;
      }
      Segment segment = entry.segment();
      counters.segment(nanos(segment.durationTicks()), nanos(offGrid(segment.endTicks())));
      counters.discontinuities(Math.max(0, segment.discontinuity() - discontinuities));
      discontinuities = segment.discontinuity();
    }
    added = first.added();
  }

  private static long offGrid(long ticks) {
    long from = Math.floorMod(ticks, GRID);
    return Math.min(from, GRID - from);
  }

  private static long nanos(long ticks) {
    return ticks * 100_000 / 9;
  }
}
