package org.plenum.bench.browser;

import java.util.List;

/// What a viewer's page showed: one entry for each frame that was presented.
///
/// @param joinedMillis when the viewer began to join, by the page's clock (ms)
/// @param frames in the order of presentation
public record Watched(double joinedMillis, List<Frame> frames) {
  /// @param millis when it was presented, by the page's clock
  /// @param height of the picture in pixels
  public record Frame(double millis, int height) {}

  /// A gap counts as a freeze if it is as long as this or three frames, whichever is longer, beyond
  /// the usual (webrtc-stats: freezeCount).
  private static final double FREEZE_MILLIS = 150;

  /// Seconds until the first frame; NaN if there was none.
  public double firstFrameSeconds() {
    return frames.isEmpty() ? Double.NaN : (frames.getFirst().millis - joinedMillis) / 1000;
  }

  /// Seconds frozen between two moments of the page's clock, the time before the first and after
  /// the last frame included.
  public double frozenSeconds(double fromMillis, double toMillis, double usualMillis) {
    double frozen = 0;
    double before = fromMillis;
    for (Frame frame : frames) {
      if (frame.millis > fromMillis && frame.millis <= toMillis) {
        frozen += freeze(frame.millis - before, usualMillis);
        before = frame.millis;
      }
    }
    return (frozen + freeze(toMillis - before, usualMillis)) / 1000;
  }

  /// How many freezes began in this time.
  public int freezes(double fromMillis, double toMillis, double usualMillis) {
    int freezes = 0;
    double before = fromMillis;
    for (Frame frame : frames) {
      if (frame.millis > fromMillis && frame.millis <= toMillis) {
        freezes += freeze(frame.millis - before, usualMillis) > 0 ? 1 : 0;
        before = frame.millis;
      }
    }
    return freezes + (freeze(toMillis - before, usualMillis) > 0 ? 1 : 0);
  }

  private static double freeze(double gapMillis, double usualMillis) {
    return gapMillis >= Math.max(3 * usualMillis, usualMillis + FREEZE_MILLIS) ? gapMillis : 0;
  }

  /// The longest time without a new frame, in seconds.
  public double longestGapSeconds(double fromMillis, double toMillis) {
    double longest = 0;
    double before = fromMillis;
    for (Frame frame : frames) {
      if (frame.millis > fromMillis && frame.millis <= toMillis) {
        longest = Math.max(longest, frame.millis - before);
        before = frame.millis;
      }
    }
    return Math.max(longest, toMillis - before) / 1000;
  }

  /// Frames a second.
  public double rate(double fromMillis, double toMillis) {
    long count = frames.stream().filter(f -> f.millis > fromMillis && f.millis <= toMillis).count();
    return count * 1000 / (toMillis - fromMillis);
  }

  /// Seconds from a moment until the picture was at least so high, and stayed so to the end; NaN if
  /// it never did.
  public double heldSeconds(int height, double fromMillis) {
    double since = Double.NaN;
    for (Frame frame : frames) {
      if (frame.millis < fromMillis) {
        continue;
      }
      if (frame.height < height) {
        since = Double.NaN;
      } else if (Double.isNaN(since)) {
        since = (frame.millis - fromMillis) / 1000;
      }
    }
    return since;
  }

  /// Seconds from a moment until the first picture that was at least so high; NaN if none was.
  public double reachedSeconds(int height, double fromMillis) {
    return frames.stream()
        .filter(frame -> frame.millis >= fromMillis && frame.height >= height)
        .mapToDouble(frame -> (frame.millis - fromMillis) / 1000)
        .findFirst()
        .orElse(Double.NaN);
  }
}
