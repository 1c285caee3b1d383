package org.plenum.sfu.room;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.quality.PublisherSecond;
import org.plenum.sfu.quality.PublisherSecond.Limitation;
import org.plenum.sfu.receive.ReceiveStream;

/// How the layers of one published track came in, second by second. Worker's thread only.
final class TrackArrivals {
  /// What is new begins small, and not everything of it has come.
  static final int YOUNG_SECONDS = 2;

  /// Of the last seconds' losses, viewers may only just report.
  private static final double FADING = 0.5;

  private final Track track;
  private final Map<Layer, Second> layers = new HashMap<>();
  private Limitation limitation = Limitation.NONE;
  private long readNanos = NanoTime.NEVER;
  private int seconds;

  TrackArrivals(Track track) {
    this.track = track;
  }

  /// A second has passed.
  ///
  /// @param told what the publisher's client says that holds its encoder back
  /// @param silent whether nothing at all comes from the publisher
  void read(Limitation told, boolean silent, long nowNanos) {
    long elapsedNanos = readNanos == NanoTime.NEVER ? 0 : nowNanos - readNanos;
    readNanos = nowNanos;
    limitation = told;
    boolean isMuted = track.muted() || track.silenced();
    seconds = isMuted || track.layers().isEmpty() ? 0 : seconds + 1;
    List<Layer> present = track.layers();
    layers.keySet().retainAll(present);
    for (Layer layer : present) {
      Second second = layers.computeIfAbsent(layer, _ -> new Second());
      boolean isExpected = !isMuted && !layer.isAbsent() && elapsedNanos > 0;
      second.read(layer, isExpected, silent, elapsedNanos);
    }
  }

  /// Whether something came that is worth a rating, and has for a while.
  boolean isRated() {
    return seconds > YOUNG_SECONDS;
  }

  /// The latest second of a layer; null before there was one.
  ///
  /// @param keyFrameWaitMillis of whoever waits for it, within the second
  /// @param maxHeight of the picture that is wanted, in pixels
  @Nullable PublisherSecond second(Layer layer, int keyFrameWaitMillis, int maxHeight) {
    Second second = layers.get(layer);
    if (second == null || second.expected < 0) {
      return null;
    }
    return new PublisherSecond(
        second.expected,
        second.lost,
        second.unrepaired,
        second.jitterMillis,
        second.usualFrames,
        second.frames,
        limitation,
        keyFrameWaitMillis,
        height(maxHeight, true),
        height(maxHeight, false));
  }

  /// How much was lost lately of a layer, 0 to 1: what viewers may report only now.
  double lateLoss(Layer layer) {
    Second second = layers.get(layer);
    return second == null ? 0 : second.lateLoss;
  }

  /// The layer that says how the track comes in: the largest that its publisher sends. Null before
  /// the first packet.
  @Nullable Layer main() {
    for (Layer layer : track.layers()) {
      if (!layer.isStalled() && !layer.isAbsent()) {
        return layer;
      }
    }
    return track.layers().isEmpty() ? null : track.layers().getFirst();
  }

  /// The largest picture that is not higher than wanted; 0 if there is none, or while unknown.
  ///
  /// @param withStalled whether those count that the publisher has stopped by itself
  private int height(int maxHeight, boolean withStalled) {
    int most = 0;
    for (Layer layer : track.layers()) {
      boolean counts = !layer.isOff() && (withStalled || !layer.isStalled());
      if (counts && layer.height() <= maxHeight) {
        most = Math.max(most, layer.height());
      }
    }
    return most;
  }

  /// One layer's.
  private final class Second {
    // Counters of the stream as they stood.
    private long expectedBefore;
    private long lostBefore;
    private long missingBefore;
    private long framesBefore;
    private boolean isBegun;

    // What came of it in the latest second; expected is -1 before the first.
    int expected = -1;
    int lost;
    int unrepaired;
    int frames;
    double jitterMillis;
    double lateLoss;

    /// What a camera gives in a second: slowly forgotten, and not at all while nothing comes.
    int usualFrames;

    private int usualPackets;

    void read(Layer layer, boolean isExpected, boolean silent, long elapsedNanos) {
      ReceiveStream stream = layer.stream();
      if (isBegun && isExpected) {
        expected = difference(stream.expected(), expectedBefore);
        lost = difference(stream.cumulativeLost(), lostBefore);
        unrepaired = Math.min(lost, difference(stream.missing(), missingBefore));
        frames = perSecond(difference(layer.frames(), framesBefore), elapsedNanos);
        jitterMillis = stream.jitterNanos() / 1e6;
        noteUsual();
        if (silent) {
          // Nothing says what is missing: as much as usual.
          expected = Math.max(1, usualPackets);
          lost = expected;
          unrepaired = expected;
        }
        double loss = expected == 0 ? 0 : (double) unrepaired / expected;
        lateLoss = Math.max(loss, lateLoss * FADING);
      } else {
        expected = -1;
        usualFrames = 0;
        usualPackets = 0;
      }
      isBegun = isExpected || !isBegun;
      expectedBefore = stream.expected();
      lostBefore = stream.cumulativeLost();
      missingBefore = stream.missing();
      framesBefore = layer.frames();
    }

    private void noteUsual() {
      usualPackets = expected > 0 ? expected : usualPackets;
      if (track.source() != TrackSource.CAMERA) {
        return; // screens may stand still
      }
      boolean isHeldBack = limitation != Limitation.NONE;
      if (frames >= usualFrames) {
        usualFrames = frames;
      } else if (frames > 0 && !isHeldBack) {
        usualFrames -= Math.max(1, (usualFrames - frames) / 4);
      }
    }
  }

  private static int difference(long now, long before) {
    return Math.clamp(now - before, 0, Integer.MAX_VALUE);
  }

  private static int perSecond(int count, long elapsedNanos) {
    return (int) Math.round(count * 1e9 / elapsedNanos);
  }
}
