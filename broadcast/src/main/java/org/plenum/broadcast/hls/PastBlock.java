package org.plenum.broadcast.hls;

import java.time.Instant;
import org.plenum.broadcast.hls.Rendition.Entry;

/// Some segments one after another of which a playlist says nothing else any more, with what it
/// says. Immutable; holds no media.
///
/// @param number media sequence number of the first
/// @param startTicks where the first begins
/// @param endTicks where the last ends
/// @param initNumber of the first, and
/// @param lastInitNumber of the last
/// @param discontinuity of the first, and
/// @param lastDiscontinuity of the last
/// @param bytes of their media
/// @param text what playlists say of them: it needs nothing before it but discontinuities
public record PastBlock(
    long number,
    int count,
    long startTicks,
    long endTicks,
    long initNumber,
    long lastInitNumber,
    int discontinuity,
    int lastDiscontinuity,
    long bytes,
    String text) {
  /// What is dropped together: about a minute.
  static final int MOST = 32;

  static PastBlock of(Entry entry, Instant zero) {
    Segment segment = entry.segment();
    var text = new StringBuilder();
    Playlists.segment(text, -1, entry, zero);
    return new PastBlock(
        entry.number(),
        1,
        segment.startTicks(),
        segment.endTicks(),
        entry.initNumber(),
        entry.initNumber(),
        segment.discontinuity(),
        segment.discontinuity(),
        segment.bytes().length,
        text.toString());
  }

  PastBlock with(Entry entry, Instant zero) {
    Segment segment = entry.segment();
    var longer = new StringBuilder(text);
    Playlists.discontinuities(longer, lastDiscontinuity, segment.discontinuity());
    Playlists.segment(longer, lastInitNumber, entry, zero);
    return new PastBlock(
        number,
        count + 1,
        startTicks,
        segment.endTicks(),
        initNumber,
        entry.initNumber(),
        discontinuity,
        segment.discontinuity(),
        bytes + segment.bytes().length,
        longer.toString());
  }

  /// Media sequence number of the segment after the last.
  public long nextNumber() {
    return number + count;
  }
}
