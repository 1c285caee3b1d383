package org.plenum.sfu.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a viewer makes of one video slot: frames that are complete and whose references are, shown
/// after a jitter buffer that adapts, and what of it a person would call frozen. An interval of
/// more than 200 ms between two frames shown is a freeze, as in the statistics of WebRTC at 20
/// frames a second (`totalFreezesDuration`).
final class Picture {
  private static final long NONE = -1;
  private static final long FREEZE_NANOS = 200_000_000L;
  private static final long MOST_BUFFER_NANOS = 1_000_000_000L;
  private static final long FIRST_BUFFER_NANOS = 30_000_000L;
  private static final long CLOCK = 90_000;

  /// A frame that is complete so much later than the fastest one had to be waited for.
  private static final long LATE_NANOS = 120_000_000L;
  private static final int PICTURE_IDS = 1 << 15;

  /// A packet.
  ///
  /// @param whose publisher and layer, of a frame's first packet
  /// @param frameNumber the encoder's, of a frame's first packet
  /// @param refersTo frame number of one that the frame refers to
  /// @param refersToAlso frame number of another, or the same
  record Part(
      boolean start,
      boolean key,
      boolean marker,
      int timestamp,
      int pictureId,
      int height,
      int whose,
      int frameNumber,
      int refersTo,
      int refersToAlso) {
    /// Nothing but a number, which holds the place of something that was left out.
    static final Part BLANK = new Part(false, false, true, 0, 0, 0, 0, 0, 0, 0);
  }

  /// From when on a picture of this height was shown.
  record Shown(double seconds, int height) {}

  private final TreeMap<Long, Part> parts = new TreeMap<>();
  private final List<Shown> heights = new ArrayList<>();
  private final List<double[]> shownAt = new ArrayList<>();
  private long next = NONE;
  private int whose;
  private final Set<Integer> decoded = new HashSet<>();
  private int pictureId;
  private long timestamp;
  private boolean started;
  private long baseNanos = Long.MAX_VALUE;
  private long bufferNanos = FIRST_BUFFER_NANOS;
  private long shownNanos;
  private long decodedNanos;

  /// Frames that refer to one that was not decoded, or whose picture id is not the next; nothing
  /// may ever make one.
  private int corrupt;

  /// Of these, those that only follow a gap of picture ids.
  private int afterGap;

  private int frames;
  private int keyFrames;
  private boolean arrived;
  private boolean beganWithKeyFrame;

  private int lateFrames;

  void onPart(long sequenceNumber, Part part, long elapsed) {
    if (!arrived) {
      arrived = true;
      beganWithKeyFrame = part.start && part.key;
    }
    if (next != NONE && sequenceNumber < next) {
      return;
    }
    parts.put(sequenceNumber, part);
    while (decodeNext(elapsed)) {}
  }

  void onBlank(long sequenceNumber, long elapsed) {
    onPart(sequenceNumber, Part.BLANK, elapsed);
  }

  /// Part of all frames that came late, 0 to 1.
  double lateShare() {
    return lateFrames / (double) Math.max(1, shownAt.size());
  }

  private boolean decodeNext(long elapsed) {
    if (next != NONE) {
      Part first = parts.get(next);
      if (first == Part.BLANK) {
        parts.remove(next++);
        return true;
      }
      if (first != null && first.start && decode(next, elapsed)) {
        return true;
      }
    }
    for (Map.Entry<Long, Part> entry : parts.entrySet()) {
      Part part = entry.getValue();
      if (part.start && part.key && decode(entry.getKey(), elapsed)) {
        return true;
      }
    }
    return false;
  }

  private boolean decode(long from, long elapsed) {
    Part first = parts.get(from);
    long at = from;
    for (Part part = first; !part.marker; ) {
      part = parts.get(++at);
      if (part == null) {
        return false;
      }
      if (part.start && part.key) {
        return false; // the rest of it was left out because a key frame replaced it
      }
      if (part.timestamp != first.timestamp || part.start) {
        if (part.key) {
          return false; // cut off: the slot went over to another layer
        }
        throw new AssertionError("a frame goes on in the next");
      }
    }
    if (first.key) {
      decoded.clear();
      keyFrames++;
    } else if (first.whose != whose
        || !decoded.contains(first.refersTo)
        || !decoded.contains(first.refersToAlso)) {
      corrupt++;
    }
    decoded.add(first.frameNumber);
    if (started && at > next && from == next && (pictureId + 1) % PICTURE_IDS != first.pictureId) {
      corrupt++;
      afterGap++;
    }
    whose = first.whose;
    pictureId = first.pictureId;
    next = at + 1;
    parts.headMap(next).clear();
    show(first, elapsed);
    return true;
  }

  private void show(Part first, long elapsed) {
    timestamp = started ? timestamp + (first.timestamp - (int) timestamp) : first.timestamp;
    long captured = timestamp * 1_000_000_000L / CLOCK;
    baseNanos = Math.min(baseNanos, elapsed - captured);
    long late = Math.min(elapsed - captured - baseNanos, MOST_BUFFER_NANOS);
    lateFrames += late > LATE_NANOS ? 1 : 0;
    bufferNanos = Math.max(late, bufferNanos - bufferNanos / 400);
    long showNanos = Math.max(elapsed, baseNanos + captured + bufferNanos);
    if (started) {
      showNanos = Math.max(showNanos, shownNanos);
    }
    shownAt.add(new double[] {showNanos / 1e9});
    int height = first.key ? first.height : heights.getLast().height;
    if (heights.isEmpty() || heights.getLast().height != height) {
      heights.add(new Shown(elapsed / 1e9, height));
    }
    started = true;
    shownNanos = showNanos;
    decodedNanos = elapsed;
    frames++;
  }

  boolean isStarted() {
    return started;
  }

  /// When the last frame could be decoded.
  long decodedNanos() {
    return decodedNanos;
  }

  int afterGap() {
    return afterGap;
  }

  int corrupt() {
    return corrupt;
  }

  int frames() {
    return frames;
  }

  /// Of the frames, those that need no other.
  int keyFrames() {
    return keyFrames;
  }

  /// Whether the first packet that came was the first of a key frame.
  boolean beganWithKeyFrame() {
    return beganWithKeyFrame;
  }

  double firstFrameSeconds() {
    return started ? shownAt.getFirst()[0] : Double.POSITIVE_INFINITY;
  }

  /// Frames shown between two times, each second.
  double framesPerSecond(double from, double until) {
    long count = shownAt.stream().filter(at -> at[0] >= from && at[0] < until).count();
    return count / (until - from);
  }

  double frozenSeconds(double from, double until) {
    double frozen = 0;
    for (double gap : gaps(from, until)) {
      frozen += gap * 1e9 > FREEZE_NANOS ? gap : 0;
    }
    return frozen;
  }

  double longestGap(double from, double until) {
    return gaps(from, until).stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private List<Double> gaps(double from, double until) {
    List<Double> gaps = new ArrayList<>();
    double last = from;
    for (double[] at : shownAt) {
      if (at[0] >= from && at[0] < until) {
        gaps.add(at[0] - last);
        last = at[0];
      }
    }
    gaps.add(until - last);
    return gaps;
  }

  List<Shown> heights() {
    return heights;
  }

  int height() {
    return heights.isEmpty() ? 0 : heights.getLast().height;
  }

  /// Changes of height between two times.
  long switches(double from, double until) {
    return heights.stream().filter(h -> h.seconds >= from && h.seconds < until).count();
  }

  /// Since when the height that is shown now has been.
  double heightSince() {
    return heights.isEmpty() ? Double.POSITIVE_INFINITY : heights.getLast().seconds;
  }

  /// When this height was first shown after a time; infinite if it was not.
  double firstShown(int height, double after) {
    return heights.stream()
        .filter(shown -> shown.height == height && shown.seconds >= after)
        .mapToDouble(Shown::seconds)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
