package org.plenum.broadcast.hls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The latest segments of one variant of the programme, or of its sound, numbered without gaps:
/// those that its playlist lists, and those that are still served to clients with an older
/// playlist. One thread.
public final class Rendition {
  /// EXT-X-TARGETDURATION in seconds: no segment may be half a second longer (RFC 8216 §4.3.3.1).
  public static final int TARGET_SECONDS = 2;

  /// Segments that are listed, if they are of the usual length.
  static final int LISTED = 8;

  /// RFC 8216 §6.2.2: no segment may go while less than three target durations would be left.
  private static final long LEAST_TICKS = 3L * TARGET_SECONDS * Segment.TICKS;

  /// However short they are.
  private static final int MOST_LISTED = 64;

  /// RFC 8216 §6.2.2: a segment stays for as long as the longest playlist that listed it.
  private static final int MOST_KEPT = 16;

  /// @param number media sequence number
  /// @param initNumber names its initialization segment
  public record Entry(long number, long initNumber, Segment segment) {}

  private static final int SOUND = -1;

  private final int index;
  private final Deque<Entry> listed = new ArrayDeque<>();
  private final Deque<Entry> kept = new ArrayDeque<>();
  private long nextNumber;
  private long initNumber = -1;

  /// @param index 0 for the smallest picture
  public Rendition(int index) {
    this.index = index;
  }

  /// Of the sound.
  public static Rendition sound() {
    return new Rendition(SOUND);
  }

  /// The folder in which its files lie.
  public String folder() {
    return index == SOUND ? "sound" : "v" + index;
  }

  public boolean isSound() {
    return index == SOUND;
  }

  public int index() {
    return index;
  }

  /// How many segments there were in all.
  public long added() {
    return nextNumber;
  }

  /// Appends a segment.
  ///
  /// @throws IllegalStateException if it begins before the one before it ends, or is too long
  public void add(Segment segment) {
    if (segment.startTicks() < endTicks()) {
      throw new IllegalStateException(
          "segment begins at " + segment.startTicks() + ", before " + endTicks());
    }
    if (Math.round((double) segment.durationTicks() / Segment.TICKS) > TARGET_SECONDS) {
      throw new IllegalStateException("segment takes " + segment.durationTicks() + " ticks");
    }
    boolean sameInit = !listed.isEmpty() && listed.getLast().segment().init() == segment.init();
    initNumber = sameInit ? initNumber : nextNumber;
    listed.add(new Entry(nextNumber++, initNumber, segment));
    while (listed.size() > LISTED && mayGo() || listed.size() > MOST_LISTED) {
      kept.add(listed.removeFirst());
    }
    while (kept.size() > MOST_KEPT) {
      kept.removeFirst();
    }
  }

  /// Where the last segment ends; before the first, the smallest number.
  public long endTicks() {
    return listed.isEmpty() ? Long.MIN_VALUE : listed.getLast().segment().endTicks();
  }

  /// What the playlist lists, the oldest first.
  public List<Entry> listed() {
    return List.copyOf(listed);
  }

  /// All that is served, the oldest first.
  public List<Entry> served() {
    List<Entry> all = new ArrayList<>(kept);
    all.addAll(listed);
    return all;
  }

  private boolean mayGo() {
    long ticks = listed.stream().mapToLong(entry -> entry.segment().durationTicks()).sum();
    return ticks - listed.getFirst().segment().durationTicks() >= LEAST_TICKS;
  }
}
