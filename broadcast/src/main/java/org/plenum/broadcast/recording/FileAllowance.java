package org.plenum.broadcast.recording;

/// How many files a publisher's tracks may begin: one whose encoder changes with each key frame, or
/// whose clock jumps with each packet, would otherwise fill the recording for everybody.
final class FileAllowance {
  /// Begun one right after another: all sources, some of them several times, as after a break.
  static final int AT_ONCE = 16;

  /// Where these are used up, one may begin after so long.
  static final long EACH_NANOS = 10_000_000_000L;

  /// In all. At the rate that is allowed they last for more than an hour.
  static final int MOST = 500;

  private int begun;
  private int left = AT_ONCE;
  private boolean started;
  private long filledNanos;

  /// Whether a file may begin now.
  boolean isOpen(long nowNanos) {
    if (!started) {
      started = true;
      filledNanos = nowNanos;
    }
    long more = Math.max(0, (nowNanos - filledNanos) / EACH_NANOS);
    filledNanos += more * EACH_NANOS;
    left = (int) Math.min(AT_ONCE, left + more);
    return left > 0 && begun < MOST;
  }

  /// A file is to begin.
  ///
  /// @return whether it may
  boolean take(long nowNanos) {
    if (!isOpen(nowNanos)) {
      return false;
    }
    left--;
    begun++;
    return true;
  }
}
