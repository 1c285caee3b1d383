package org.plenum.broadcast.hls;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.hls.Rendition.Entry;

/// The segments of a rendition that are listed though their media is kept elsewhere: those before
/// the ones that the rendition has. One thread.
public final class Past {
  private final Instant zero;
  private final Deque<PastBlock> blocks = new ArrayDeque<>();
  private long nextNumber;

  /// @param zero the wall time of tick 0
  public Past(Instant zero) {
    this.zero = zero;
  }

  /// Appends a segment.
  ///
  /// @throws IllegalStateException if it is not the next one
  public void add(Entry entry) {
    if (entry.number() != nextNumber) {
      throw new IllegalStateException("segment " + entry.number() + " in place of " + nextNumber);
    }
    nextNumber++;
    PastBlock last = blocks.peekLast();
    if (last == null || last.count() == PastBlock.MOST) {
      blocks.add(PastBlock.of(entry, zero));
    } else {
      blocks.removeLast();
      blocks.add(last.with(entry, zero));
    }
  }

  /// The media sequence number of the first segment that has not been added.
  public long nextNumber() {
    return nextNumber;
  }

  /// The oldest ones; null if there are none.
  public @Nullable PastBlock first() {
    return blocks.peekFirst();
  }

  /// The oldest ones are listed no more.
  public void removeFirst() {
    blocks.removeFirst();
  }

  List<PastBlock> blocks() {
    return List.copyOf(blocks);
  }
}
