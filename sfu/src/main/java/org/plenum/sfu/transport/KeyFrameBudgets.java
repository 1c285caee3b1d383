package org.plenum.sfu.transport;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.TrackId;

/// Bounds the key frames that one viewer can cause. A key frame costs the publisher's uplink and
/// all its other viewers several times what another frame does. Each track has a budget of its
/// own here, which all of the viewer's slots share, so that a lost second of many pictures is
/// repaired at once. One thread, no clock.
final class KeyFrameBudgets {
  /// At once: a picture may be lost again while it is repaired.
  static final int BURST = 3;

  /// After that. Every other frame of a viewer that loses one in two seconds is good.
  static final long INTERVAL_NANOS = 2_000_000_000L;

  /// Tracks whose budgets are in use at a time: more than a viewer has slots.
  private static final int MOST_TRACKS = 128;

  private final @Nullable TrackId[] tracks = new @Nullable TrackId[MOST_TRACKS];

  /// When all that was taken would have been asked for at an even pace.
  private final long[] paidUntilNanos = new long[MOST_TRACKS];

  private int count;

  /// Whether this viewer may ask for one more key frame of a track; if so, it counts as asked for.
  boolean take(TrackId track, long nowNanos) {
    forgetUnused(nowNanos);
    int at = find(track);
    if (at == count) {
      if (count == MOST_TRACKS) {
        return false;
      }
      count++;
      tracks[at] = track;
      paidUntilNanos[at] = nowNanos;
    }
    if (paidUntilNanos[at] - nowNanos > (BURST - 1) * INTERVAL_NANOS) {
      return false;
    }
    paidUntilNanos[at] += INTERVAL_NANOS;
    return true;
  }

  private int find(TrackId track) {
    for (int i = 0; i < count; i++) {
      if (track.equals(tracks[i])) {
        return i;
      }
    }
    return count;
  }

  /// A budget that is whole again is like none.
  private void forgetUnused(long nowNanos) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (paidUntilNanos[i] - nowNanos > 0) {
        tracks[kept] = tracks[i];
        paidUntilNanos[kept] = paidUntilNanos[i];
        kept++;
      }
    }
    while (count > kept) {
      tracks[--count] = null;
    }
  }
}
