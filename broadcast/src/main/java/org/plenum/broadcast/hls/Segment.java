package org.plenum.broadcast.hls;

/// A media segment.
///
/// @param bytes not to be changed
/// @param startTicks on the programme's time line, 90 kHz
/// @param durationTicks more than 0
/// @param independent whether it begins where a decoder can start
/// @param discontinuity how many discontinuities of the programme lie before it
public record Segment(
    byte[] bytes,
    Init init,
    long startTicks,
    long durationTicks,
    boolean independent,
    int discontinuity) {
  /// Programme ticks per second.
  public static final int TICKS = 90_000;

  public long endTicks() {
    return startTicks + durationTicks;
  }

  /// Bits per second.
  public long bitrateBps() {
    return bytes.length * 8L * TICKS / durationTicks;
  }
}
