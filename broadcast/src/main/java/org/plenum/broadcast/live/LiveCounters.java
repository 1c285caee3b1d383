package org.plenum.broadcast.live;

import java.util.concurrent.atomic.LongAdder;

/// What all broadcasts have counted together. Any thread.
public final class LiveCounters {
  private final LongAdder segments = new LongAdder();
  private final LongAdder segmentNanos = new LongAdder();
  private final LongAdder offGridNanos = new LongAdder();
  private final LongAdder discontinuities = new LongAdder();
  private final LongAdder lostPictures = new LongAdder();
  private final LongAdder mixerNanos = new LongAdder();
  private final LongAdder playlists = new LongAdder();
  private final LongAdder media = new LongAdder();
  private final LongAdder missing = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /// Segments of the smallest picture.
  public long segments() {
    return segments.sum();
  }

  /// Their length together.
  public double segmentSeconds() {
    return segmentNanos.sum() / 1e9;
  }

  /// By how much their ends were off where they should have been, together.
  public double offGridSeconds() {
    return offGridNanos.sum() / 1e9;
  }

  /// Changes of what is shown.
  public long discontinuities() {
    return discontinuities.sum();
  }

  /// Pictures that could not be put together.
  public long lostPictures() {
    return lostPictures.sum();
  }

  /// How long sound was decoded, mixed and encoded.
  public double mixerSeconds() {
    return mixerNanos.sum() / 1e9;
  }

  /// Playlists that were asked for.
  public long playlists() {
    return playlists.sum();
  }

  /// Segments and initialization segments that were asked for.
  public long media() {
    return media.sum();
  }

  /// What was asked for and is not there.
  public long missing() {
    return missing.sum();
  }

  /// Bytes of what was answered.
  public long bytes() {
    return bytes.sum();
  }

  /// A request was answered.
  ///
  /// @param isImmutable whether it was for media, not a playlist
  public void answered(boolean isImmutable, long length) {
    (isImmutable ? media : playlists).increment();
    bytes.add(length);
  }

  /// There was nothing of that name.
  public void missed() {
    missing.increment();
  }

  void segment(long lengthNanos, long offNanos) {
    segments.increment();
    segmentNanos.add(lengthNanos);
    offGridNanos.add(offNanos);
  }

  void discontinuities(long more) {
    discontinuities.add(more);
  }

  void lostPictures(long more) {
    lostPictures.add(more);
  }

  void mixed(long nanos) {
    mixerNanos.add(nanos);
  }
}
