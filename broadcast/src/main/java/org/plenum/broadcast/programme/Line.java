package org.plenum.broadcast.programme;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.box.Fragment;
import org.plenum.broadcast.box.InitSegment;
import org.plenum.broadcast.box.Sample;
import org.plenum.broadcast.frame.Frame;
import org.plenum.broadcast.frame.VideoFormat;
import org.plenum.broadcast.hls.Init;
import org.plenum.broadcast.hls.Part;
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.sfu.TappedStream;

/// One stream in the programme: its frames from a key frame on, cut into segments. All frames have
/// the format of the first. Segments end where the programme's grid has a line, at a key frame that
/// is asked for in time; one that would become too long is cut anywhere. Meanwhile they are
/// published in parts of equal length: each has the frames that begin within it.
final class Line {
  /// What segments are to take, and the distance of the grid's lines.
  static final long SEGMENT_TICKS = 2L * Segment.TICKS;

  /// What a segment takes at the most: less than half a second more than the target duration.
  static final long MOST_TICKS = Segment.TICKS * 24L / 10;

  /// A segment that is shorter is ended a line later.
  private static final long LEAST_TICKS = Segment.TICKS;

  /// A key frame that comes by itself so shortly before a line is taken for the one that is wanted.
  private static final long EARLY_TICKS = Segment.TICKS / 10;

  /// How long before a line a key frame is asked for at the most.
  private static final long MOST_AHEAD_TICKS = Segment.TICKS / 2;

  /// Asked again after so long: encoders ignore what comes sooner.
  private static final long AGAIN_TICKS = Segment.TICKS / 2;

  /// Where frames are missing for longer, the line ends.
  private static final long MOST_HOLE_TICKS = Segment.TICKS;

  /// So long after its end a part is published though nothing came that is later.
  private static final long PART_PATIENCE_TICKS = Segment.TICKS / 5;

  /// How long the last picture of such a part may stand: until something else is shown.
  private static final long STANDING_TICKS = 3L * Segment.TICKS;

  /// From one picture to the next, of those that are there only so that others can be decoded.
  private static final long UNSEEN_TICKS = Segment.TICKS / 1000;

  /// Of a picture after which nothing comes, at 30 a second.
  private static final long USUAL_DURATION = Segment.TICKS / 30;

  /// @param ticks on the programme's time line
  private record Timed(long ticks, Frame frame) {}

  private final TappedStream stream;
  private final List<Timed> open = new ArrayList<>();
  private final List<Rendition> renditions = new ArrayList<>();
  private int discontinuity;
  private @Nullable VideoFormat format;
  private @Nullable Init init;
  private long lastTicks = Long.MIN_VALUE;
  private long lastArrivalNanos;
  private boolean publishing;
  private boolean over;
  private int fragments;

  /// Frames of the open segment that are in its parts.
  private int inParts;

  /// Where its next part begins.
  private long partTicks;

  /// When a key frame was asked for that has not come; MIN_VALUE if none was.
  private long askedTicks = Long.MIN_VALUE;

  /// How long the latest one took to come.
  private long aheadTicks = Segment.TICKS / 10;

  Line(TappedStream stream) {
    this.stream = stream;
  }

  TappedStream stream() {
    return stream;
  }

  /// Whether it has had its first key frame.
  boolean hasBegun() {
    return init != null;
  }

  /// Where it begins on the programme's time line; only if it [#hasBegun].
  long startTicks() {
    return open.getFirst().ticks();
  }

  /// Whether nothing is taken any more: the stream goes on in another line, or with another take.
  boolean isOver() {
    return over;
  }

  /// From now on frames are left out.
  void over() {
    over = true;
  }

  long lastArrivalNanos() {
    return lastArrivalNanos;
  }

  /// Whether this key frame cannot follow in this line, because a decoder must be set up anew.
  boolean isForeign(Frame frame) {
    return format != null && frame.isKey() && !format.equals(frame.format());
  }

  /// A frame came.
  ///
  /// @param ticks its time on the programme's time line; made later where it is not after the last
  /// @param holds whether the segment is not to be ended at a line now
  void onFrame(Frame frame, long ticks, boolean holds) {
    VideoFormat its = frame.format();
    if (over || init == null && its == null) {
      return;
    }
    if (init == null && its != null) {
      format = its;
      init = new Init(its.name(), its.width(), its.height(), InitSegment.video(its));
    }
    long at = lastTicks == Long.MIN_VALUE ? ticks : Math.max(ticks, lastTicks + 1);
    if (publishing && !open.isEmpty()) {
      at = Math.max(at, partTicks); // too late for the part that it belongs to
    }
    if (frame.isKey() && askedTicks != Long.MIN_VALUE) {
      aheadTicks = Math.clamp(at - askedTicks, 0, MOST_AHEAD_TICKS);
      askedTicks = Long.MIN_VALUE;
    }
    if (publishing && !open.isEmpty()) {
      boolean atLine = frame.isKey() && !holds && at >= lineTicks() - EARLY_TICKS;
      if (atLine || at - open.getFirst().ticks() > MOST_TICKS - USUAL_DURATION) {
        cut(at);
      }
    }
    long begin = at;
    if (publishing && open.isEmpty()) {
      // Where frames were missing, the first that comes is shown from where the last one ended.
      begin = renditions.getFirst().endTicks();
      if (at - begin > MOST_HOLE_TICKS) {
        over = true;
        return;
      }
    }
    if (publishing) {
      partsUntil(at);
    }
    open.add(new Timed(begin, frame));
    lastTicks = at;
    lastArrivalNanos = frame.arrivalNanos();
  }

  /// Publishes what is due, though no later frame may have come.
  void onTimeout(long nowTicks) {
    if (publishing && !open.isEmpty()) {
      long most = open.getFirst().ticks() + MOST_TICKS;
      partsUntil(Math.min(nowTicks - PART_PATIENCE_TICKS, most));
    }
  }

  /// Goes into the programme: what came so far and what comes.
  ///
  /// @param startTicks where the programme is from its pictures; what came before is decoded there,
  ///     but not to be seen
  /// @param fragmentsBefore the number of the programme's last fragment
  void publish(
      List<Rendition> into, long startTicks, int discontinuityNumber, int fragmentsBefore) {
    renditions.addAll(into);
    discontinuity = discontinuityNumber;
    fragments = fragmentsBefore;
    publishing = true;
    long from = startTicks;
    for (int i = 0; i < open.size(); i++) {
      Timed timed = open.get(i);
      long at = Math.max(timed.ticks(), from);
      open.set(i, new Timed(i == 0 ? startTicks : at, timed.frame()));
      from = at + UNSEEN_TICKS;
      lastTicks = at;
    }
    partTicks = startTicks;
    partsUntil(lastTicks);
  }

  List<Rendition> renditions() {
    return renditions;
  }

  /// Whether a key frame is to be asked for now; if so, it counts as asked for.
  boolean takeKeyFrameDue(long nowTicks) {
    if (!publishing || over || open.isEmpty() || nowTicks < lineTicks() - aheadTicks) {
      return false;
    }
    if (askedTicks != Long.MIN_VALUE && nowTicks - askedTicks < AGAIN_TICKS) {
      return false;
    }
    askedTicks = nowTicks;
    return true;
  }

  /// Ends the last segment; what would be after `endTicks` is left out.
  ///
  /// @param endTicks where the next begins, or the programme ends
  void finish(long endTicks) {
    while (!open.isEmpty() && open.getLast().ticks() >= endTicks) {
      open.removeLast();
    }
    if (!open.isEmpty()) {
      cut(endTicks);
    }
    over = true;
  }

  /// Where the last frame is; MIN_VALUE before the first.
  long lastTicks() {
    return lastTicks;
  }

  /// Where the next frame would be, at 30 a second; MIN_VALUE before the first.
  long nextTicks() {
    return lastTicks == Long.MIN_VALUE ? lastTicks : lastTicks + USUAL_DURATION;
  }

  /// The next line of the grid at which the open segment may end.
  private long lineTicks() {
    long earliest = open.getFirst().ticks() + LEAST_TICKS;
    return Math.ceilDiv(earliest, SEGMENT_TICKS) * SEGMENT_TICKS;
  }

  /// Publishes the parts that end there or before.
  private void partsUntil(long ticks) {
    while (!open.isEmpty() && partTicks + Rendition.PART_TICKS <= ticks) {
      part(partTicks + Rendition.PART_TICKS, Long.MAX_VALUE);
    }
  }

  /// Publishes a part.
  ///
  /// @param untilTicks where the next frame begins if it is not there yet; MAX_VALUE if nobody
  ///     knows
  private void part(long endTicks, long untilTicks) {
    List<Timed> its =
        open.subList(inParts, open.size()).stream()
            .takeWhile(timed -> timed.ticks() < endTicks)
            .toList();
    long from = its.isEmpty() ? partTicks : its.getFirst().ticks();
    long last = its.isEmpty() ? 0 : its.getLast().ticks();
    inParts += its.size();
    long next = inParts < open.size() ? open.get(inParts).ticks() : untilTicks;
    int duration = (int) (endTicks - partTicks);
    byte[] bytes =
        its.isEmpty()
            ? Fragment.empty(++fragments, from, duration)
            : Fragment.write(
                ++fragments, from, samples(its, Math.min(next, last + STANDING_TICKS)));
    boolean independent = !its.isEmpty() && its.getFirst().frame().isKey();
    var part = new Part(bytes, duration, independent);
    long start = open.getFirst().ticks();
    renditions.forEach(rendition -> rendition.addPart(required(init), start, discontinuity, part));
    partTicks = endTicks;
  }

  /// Ends the open segment where the next frame begins, or where it becomes too long.
  private void cut(long nextTicks) {
    long start = open.getFirst().ticks();
    long end = Math.max(Math.min(nextTicks, start + MOST_TICKS), partTicks);
    partsUntil(end);
    if (inParts < open.size() || end > partTicks) {
      end = Math.max(end, partTicks + 1);
      part(end, end);
    }
    byte[] bytes = Fragment.write(++fragments, start, samples(open, end));
    boolean independent = open.getFirst().frame().isKey();
    var segment =
        new Segment(bytes, required(init), start, end - start, independent, discontinuity);
    renditions.forEach(rendition -> rendition.add(segment));
    open.clear();
    inParts = 0;
    partTicks = end;
  }

  /// @param endTicks of the last of them
  private static List<Sample> samples(List<Timed> frames, long endTicks) {
    List<Sample> samples = new ArrayList<>(frames.size());
    for (int i = 0; i < frames.size(); i++) {
      Timed timed = frames.get(i);
      long until = i + 1 < frames.size() ? frames.get(i + 1).ticks() : endTicks;
      int duration = (int) Math.max(1, until - timed.ticks());
      samples.add(new Sample(timed.frame().data(), duration, timed.frame().isKey()));
    }
    return samples;
  }

  private static Init required(@Nullable Init init) {
    if (init == null) {
      throw new IllegalStateException("frames before a key frame");
    }
    return init;
  }
}
