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
import org.plenum.broadcast.hls.Rendition;
import org.plenum.broadcast.hls.Segment;
import org.plenum.sfu.TappedStream;

/// One stream in the programme: its frames from a key frame on, cut into segments. All frames have
/// the format of the first. Segments end where the programme's grid has a line, at a key frame that
/// is asked for in time; one that would become too long is cut anywhere.
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
    open.add(new Timed(begin, frame));
    lastTicks = at;
    lastArrivalNanos = frame.arrivalNanos();
  }

  /// Goes into the programme: what came so far and what comes.
  ///
  /// @param fragmentsBefore the number of the programme's last fragment
  void publish(List<Rendition> into, int discontinuityNumber, int fragmentsBefore) {
    renditions.addAll(into);
    discontinuity = discontinuityNumber;
    fragments = fragmentsBefore;
    publishing = true;
    // All of it is moved where the programme's time line is further than it began.
    long behind = 0;
    for (Rendition rendition : into) {
      if (rendition.endTicks() > startTicks()) {
        behind = Math.max(behind, rendition.endTicks() - startTicks());
      }
    }
    if (behind > 0) {
      long moved = behind;
      open.replaceAll(timed -> new Timed(timed.ticks() + moved, timed.frame()));
      lastTicks += moved;
    }
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
  /// @param endTicks where the next begins; MAX_VALUE if there is none
  void finish(long endTicks) {
    while (!open.isEmpty() && open.getLast().ticks() >= endTicks) {
      open.removeLast();
    }
    if (!open.isEmpty()) {
      cut(endTicks == Long.MAX_VALUE ? open.getLast().ticks() + USUAL_DURATION : endTicks);
    }
    over = true;
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

  /// Ends the open segment where the next frame begins, or where it becomes too long.
  private void cut(long nextTicks) {
    long start = open.getFirst().ticks();
    long end = Math.min(nextTicks, start + MOST_TICKS);
    List<Sample> samples = new ArrayList<>(open.size());
    for (int i = 0; i < open.size(); i++) {
      Timed timed = open.get(i);
      long until = i + 1 < open.size() ? open.get(i + 1).ticks() : end;
      int duration = (int) Math.max(1, until - timed.ticks());
      samples.add(new Sample(timed.frame().data(), duration, timed.frame().isKey()));
    }
    Init present = init;
    if (present == null) {
      throw new IllegalStateException("frames before a key frame");
    }
    long duration = samples.stream().mapToLong(Sample::duration).sum();
    byte[] bytes = Fragment.write(++fragments, start, samples);
    boolean independent = open.getFirst().frame().isKey();
    var segment = new Segment(bytes, present, start, duration, independent, discontinuity);
    renditions.forEach(rendition -> rendition.add(segment));
    open.clear();
  }
}
