package org.plenum.sfu.receive;

/// One time line of an SSRC's timestamps, though its publisher's clock jumps: some begin anew
/// after a pause, others leap. Receivers take a step back for old frames and discard them, and
/// wait out a step forward; so from a jump on another offset is added, with which the line goes
/// on by the time that passed. Steps within bounds stay what they are. One thread, no clock.
public final class TimestampLine {
  /// Pictures sent out of order step back by less than this (a B-frame, by some frames).
  private static final long MOST_BACK_NANOS = 500_000_000L;

  /// Frames arrive later than they were captured, and not all equally late: a clock may seem to
  /// have advanced by this much more than the time that passed.
  private static final long MOST_AHEAD_NANOS = 500_000_000L;

  /// After a pause this long nothing comes out of order any more.
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private static final long MINUTE_NANOS = 60_000_000_000L;

  /// Longer than any pause that timestamps of 90 kHz can tell from a jump (2^31 / 90000 is 6.6 h).
  private static final long MOST_ELAPSED_NANOS = 6L * 3_600 * 1_000_000_000;

  private final int clockRate;

  /// The latest packet in order: its timestamp as sent, and on the line.
  private int source;

  private int line;
  private long arrivedNanos;

  /// Line = source + this, for packets from `firstNumber` on.
  private int offset;

  private long firstNumber = Long.MIN_VALUE;

  /// The same for packets before, still on their way.
  private int formerOffset;

  /// @param clockRate timestamp units per second
  public TimestampLine(int clockRate) {
    this.clockRate = clockRate;
  }

  /// The stream's first packet, whose timestamp stays as it is.
  void begin(int timestamp, long nowNanos) {
    source = timestamp;
    line = timestamp;
    arrivedNanos = nowNanos;
  }

  /// A packet younger than all before.
  ///
  /// @param number its sequence number, unwrapped
  void onNext(long number, int timestamp, long nowNanos) {
    if (timestamp == source) {
      return; // of the same frame: what counts is when that began to arrive
    }
    long elapsedNanos = Math.clamp(nowNanos - arrivedNanos, 0, MOST_ELAPSED_NANOS);
    long elapsed = units(elapsedNanos);
    int step = timestamp - source;
    if (isJump(step, elapsed, elapsedNanos)) {
      formerOffset = offset;
      firstNumber = number;
      offset = line + (int) Math.max(1, elapsed) - timestamp;
    }
    source = timestamp;
    line = timestamp + offset;
    arrivedNanos = nowNanos;
  }

  private boolean isJump(int step, long elapsed, long elapsedNanos) {
    long mostBack = elapsedNanos > PAUSE_NANOS ? 0 : units(MOST_BACK_NANOS);
    return step < -mostBack || step > elapsed + units(MOST_AHEAD_NANOS);
  }

  /// Whether a packet with this timestamp can be none of the last minute's.
  boolean isFar(int timestamp) {
    return Math.abs((long) (timestamp - source)) > units(MINUTE_NANOS);
  }

  /// Where a packet's timestamp stands on the line.
  int of(long number, int timestamp) {
    return timestamp + (number < firstNumber ? formerOffset : offset);
  }

  /// Where a sender report's does. It may have been made before a jump that it comes after, so the
  /// nearer of the two is it.
  int ofReport(int timestamp, long nowNanos) {
    int now = line + (int) units(Math.clamp(nowNanos - arrivedNanos, 0, MOST_ELAPSED_NANOS));
    int byOffset = timestamp + offset - now;
    int byFormer = timestamp + formerOffset - now;
    boolean isFormer = Math.abs((long) byFormer) < Math.abs((long) byOffset);
    return timestamp + (isFormer ? formerOffset : offset);
  }

  private long units(long nanos) {
    return nanos / 1_000 * clockRate / 1_000_000;
  }
}
