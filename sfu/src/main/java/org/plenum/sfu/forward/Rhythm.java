package org.plenum.sfu.forward;

/// How regularly the frames of one layer come, and since when none has: by that a layer whose
/// encoder stopped is told from one that is slow. One thread, no clock.
final class Rhythm {
  /// A layer is not taken for stopped before: queues on the way hold back a packet for that long.
  static final long LEAST_SILENCE_NANOS = 350_000_000L;

  /// Nor is it waited for longer, however slow it was.
  static final long MOST_SILENCE_NANOS = 1_500_000_000L;

  /// In frames of its own: encoders short of bits or CPU skip one or two in a row.
  private static final int SILENT_INTERVALS = 4;

  /// In frames of the other layers: while a path is blocked, nothing comes of them either.
  private static final int SILENT_FRAMES = 6;

  /// Share of a new interval in the smoothed one.
  private static final int SMOOTHING = 8;

  private boolean started;
  private int timestamp;
  private long frameNanos;
  private long arrivedNanos;
  private long intervalNanos;
  private int framesOfOthers;

  /// Notes a packet of this layer.
  ///
  /// @return whether a frame began with it
  boolean onPacket(int packetTimestamp, long nowNanos) {
    boolean isFrame = !started || packetTimestamp - timestamp > 0;
    if (isFrame) {
      if (started) {
        addInterval(nowNanos - frameNanos);
      }
      started = true;
      timestamp = packetTimestamp;
      frameNanos = nowNanos;
    }
    arrivedNanos = nowNanos;
    framesOfOthers = 0;
    return isFrame;
  }

  private void addInterval(long nanos) {
    // A pause is no rhythm.
    long bounded = Math.min(nanos, LEAST_SILENCE_NANOS);
    intervalNanos += (bounded - intervalNanos) / (intervalNanos == 0 ? 1 : SMOOTHING);
  }

  /// Notes a frame of another layer of the track.
  void onFrameOfOther() {
    framesOfOthers++;
  }

  /// Whether its encoder seems to have stopped, as far as its own rhythm and the other layers'
  /// tell.
  ///
  /// @param aliveSinceNanos since when any layer of the track has been coming without a pause
  boolean isSilent(long aliveSinceNanos, long nowNanos) {
    long alive = nowNanos - aliveSinceNanos;
    long silence = Math.min(nowNanos - arrivedNanos, alive);
    return framesOfOthers >= SILENT_FRAMES && silence > longestSilenceNanos();
  }

  private long longestSilenceNanos() {
    return Math.clamp(SILENT_INTERVALS * intervalNanos, LEAST_SILENCE_NANOS, MOST_SILENCE_NANOS);
  }
}
