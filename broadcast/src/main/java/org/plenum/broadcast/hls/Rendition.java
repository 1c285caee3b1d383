package org.plenum.broadcast.hls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The latest segments of one variant of the programme, or of its sound, numbered without gaps:
/// those that its playlist lists, and those that are still served to clients with an older
/// playlist. One thread.
public final class Rendition {
  /// EXT-X-TARGETDURATION in seconds: no segment may be half a second longer (RFC 8216 §4.3.3.1).
  public static final int TARGET_SECONDS = 2;

  /// EXT-X-PART-INF's PART-TARGET: what each part of a segment takes but the last.
  public static final long PART_TICKS = Segment.TICKS * 2L / 5;

  /// RFC 8216bis §4.4.4.9: parts are listed for three target durations only.
  static final long PARTS_LISTED_TICKS = 3L * TARGET_SECONDS * Segment.TICKS;

  /// Parts are served for longer than they are listed, for clients with an older playlist.
  private static final long PARTS_KEPT_TICKS = 2 * PARTS_LISTED_TICKS;

  /// Segments that are listed, if they are of the usual length.
  static final int LISTED = 8;

  /// RFC 8216 §6.2.2: no segment may go while less than three target durations would be left.
  private static final long LEAST_TICKS = 3L * TARGET_SECONDS * Segment.TICKS;

  /// However short they are.
  private static final int MOST_LISTED = 64;

  /// Of those that are listed no more: a slow disk has so long to take them.
  private static final int LEAST_KEPT = 16;

  /// However short they are.
  private static final int MOST_KEPT = 256;

  /// Of all that is served, its parts too: more than a minute of 6 Mb/s. Where a publisher sends
  /// far more, what is listed no more goes sooner, then what is listed, but for three target
  /// durations.
  static final long MOST_BYTES = 64L << 20;

  /// One that is listed no more.
  ///
  /// @param untilTicks when it may go
  private record Leaving(Entry entry, long untilTicks) {
    Leaving with(Entry other) {
      return new Leaving(other, untilTicks);
    }
  }

  /// @param number media sequence number
  /// @param initNumber names its initialization segment
  /// @param parts what it was published as before it was complete; empty some time later
  public record Entry(long number, long initNumber, Segment segment, List<Part> parts) {}

  /// A segment that is not complete yet.
  ///
  /// @param number media sequence number
  /// @param initNumber names its initialization segment
  /// @param parts at least one
  public record Open(
      long number,
      long initNumber,
      Init init,
      long startTicks,
      int discontinuity,
      List<Part> parts) {
    /// Where the last part ends.
    public long endTicks() {
      return startTicks + parts.stream().mapToLong(Part::durationTicks).sum();
    }
  }

  /// What a playlist lists at one moment.
  ///
  /// @param past what comes before `segments`, the oldest first
  /// @param segments the oldest first
  /// @param nextNumber media sequence number of the one after the last of them
  /// @param open what there is of that one
  public record Listing(
      List<PastBlock> past, List<Entry> segments, long nextNumber, @Nullable Open open) {
    /// How many complete segments there are.
    public int count() {
      return past.stream().mapToInt(PastBlock::count).sum() + segments.size();
    }

    public boolean isEmpty() {
      return segments.isEmpty() && open == null;
    }

    /// Where it ends; only if it is not empty.
    public long endTicks() {
      return open != null ? open.endTicks() : segments.getLast().segment().endTicks();
    }
  }

  private static final int SOUND = -1;

  private final int index;
  private final Deque<Entry> listed = new ArrayDeque<>();
  private final Deque<Leaving> kept = new ArrayDeque<>();
  private @Nullable Open open;
  private long nextNumber;
  private long initNumber = -1;
  private long changes;

  /// Of what was ever listed at a time.
  private long longestTicks;

  /// @param index 0 for the largest picture
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

  /// RFC 8216 §6.2.2: a segment that is listed no more stays for as long as it takes itself and the
  /// longest playlist that listed it.
  ///
  /// @param longestTicks of a playlist that lists so many ticks at the most
  /// @return how many ticks later it may go
  public static long stayTicks(long longestTicks) {
    return longestTicks + (2L * TARGET_SECONDS + 1) * Segment.TICKS;
  }

  /// How many segments there were in all.
  public long added() {
    return nextNumber;
  }

  /// Counts segments and parts that were added.
  public long changes() {
    return changes;
  }

  /// Appends a part of the segment that comes next.
  ///
  /// @param startTicks where the segment begins
  /// @param discontinuity as its segment will have it
  /// @throws IllegalStateException if it does not go on with the open segment, begins before the
  ///     one before it ends, or is too long
  public void addPart(Init init, long startTicks, int discontinuity, Part part) {
    if (part.durationTicks() <= 0 || part.durationTicks() > PART_TICKS) {
      throw new IllegalStateException("part takes " + part.durationTicks() + " ticks");
    }
    Open before = open;
    if (before == null) {
      requireAfter(startTicks);
      long its = isLast(init) ? initNumber : nextNumber;
      open = new Open(nextNumber, its, init, startTicks, discontinuity, List.of(part));
    } else {
      if (before.init() != init
          || before.startTicks() != startTicks
          || before.discontinuity() != discontinuity) {
        throw new IllegalStateException("a part of another segment at " + startTicks);
      }
      List<Part> parts = new ArrayList<>(before.parts());
      parts.add(part);
      open =
          new Open(
              before.number(),
              before.initNumber(),
              init,
              startTicks,
              discontinuity,
              List.copyOf(parts));
    }
    changes++;
  }

  /// Appends a segment: the whole of the open one, if there is one.
  ///
  /// @throws IllegalStateException if it begins before the one before it ends, is too long, or is
  ///     not what its parts were
  public void add(Segment segment) {
    Open its = open;
    if (its == null) {
      requireAfter(segment.startTicks());
    } else if (its.startTicks() != segment.startTicks()
        || its.endTicks() != segment.endTicks()
        || its.init() != segment.init()) {
      throw new IllegalStateException("segment at " + segment.startTicks() + " has other parts");
    }
    if (Math.round((double) segment.durationTicks() / Segment.TICKS) > TARGET_SECONDS) {
      throw new IllegalStateException("segment takes " + segment.durationTicks() + " ticks");
    }
    initNumber = isLast(segment.init()) ? initNumber : nextNumber;
    List<Part> parts = its == null ? List.of() : its.parts();
    listed.add(new Entry(nextNumber++, initNumber, segment, parts));
    open = null;
    changes++;
    long ends = segment.endTicks();
    longestTicks = Math.max(longestTicks, ends - listed.getFirst().segment().startTicks());
    while (listed.size() > LISTED && mayGo() || listed.size() > MOST_LISTED) {
      kept.add(new Leaving(listed.removeFirst(), ends + stayTicks(longestTicks)));
    }
    while (kept.size() > LEAST_KEPT
        && (kept.getFirst().untilTicks() <= ends || kept.size() > MOST_KEPT)) {
      kept.removeFirst();
    }
    letGoBytes();
    replaceAll(listed, this::withoutOldParts);
    replaceAll(kept, leaving -> leaving.with(withoutOldParts(leaving.entry())));
  }

  /// Where the last segment or part ends; before the first, the smallest number.
  public long endTicks() {
    Open present = open;
    if (present != null) {
      return present.endTicks();
    }
    return listed.isEmpty() ? Long.MIN_VALUE : listed.getLast().segment().endTicks();
  }

  /// What its playlist lists now.
  public Listing listing() {
    return new Listing(List.of(), listed(), nextNumber, open);
  }

  /// What its playlist lists now together with what is kept elsewhere.
  ///
  /// @throws IllegalStateException if a segment between the two is not there any more
  public Listing listing(Past past) {
    List<Entry> segments =
        served().stream().filter(entry -> entry.number() >= past.nextNumber()).toList();
    if (!segments.isEmpty() && segments.getFirst().number() != past.nextNumber()) {
      throw new IllegalStateException("segment " + past.nextNumber() + " is gone");
    }
    return new Listing(past.blocks(), segments, nextNumber, open);
  }

  /// The complete segments that the playlist lists, the oldest first.
  public List<Entry> listed() {
    return List.copyOf(listed);
  }

  /// All complete segments that are served, the oldest first.
  public List<Entry> served() {
    List<Entry> all = new ArrayList<>(kept.stream().map(Leaving::entry).toList());
    all.addAll(listed);
    return all;
  }

  private void requireAfter(long startTicks) {
    if (startTicks < endTicks()) {
      throw new IllegalStateException("segment begins at " + startTicks + ", before " + endTicks());
    }
  }

  /// Whether the last segment has it.
  private boolean isLast(Init init) {
    return !listed.isEmpty() && listed.getLast().segment().init() == init;
  }

  private Entry withoutOldParts(Entry entry) {
    return entry.segment().endTicks() < endTicks() - PARTS_KEPT_TICKS
        ? new Entry(entry.number(), entry.initNumber(), entry.segment(), List.of())
        : entry;
  }

  private static <T> void replaceAll(Deque<T> some, UnaryOperator<T> change) {
    for (int left = some.size(); left > 0; left--) {
      some.add(change.apply(some.removeFirst()));
    }
  }

  private void letGoBytes() {
    long bytes = served().stream().mapToLong(Rendition::bytes).sum();
    while (bytes > MOST_BYTES && !kept.isEmpty()) {
      bytes -= bytes(kept.removeFirst().entry());
    }
    while (bytes > MOST_BYTES && mayGo()) {
      bytes -= bytes(listed.removeFirst());
    }
  }

  private static long bytes(Entry entry) {
    long parts = entry.parts().stream().mapToLong(part -> part.bytes().length).sum();
    return entry.segment().bytes().length + parts;
  }

  private boolean mayGo() {
    long ticks = listed.stream().mapToLong(entry -> entry.segment().durationTicks()).sum();
    return ticks - listed.getFirst().segment().durationTicks() >= LEAST_TICKS;
  }
}
