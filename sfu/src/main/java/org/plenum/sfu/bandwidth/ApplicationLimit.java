package org.plenum.sfu.bandwidth;

/// Tells whether what is sent is so much less than the estimate that its arrival proves nothing
/// about the path: a budget that 65 % of the estimate fills and packets drain.
final class ApplicationLimit {
  private static final double USAGE = 0.65;
  private static final double START_LEVEL = 0.8;
  private static final double STOP_LEVEL = 0.5;
  private static final double WINDOW_SECONDS = 0.5;

  private double rateBps;
  private double budgetBits;
  private boolean started;
  private long lastSent;
  private boolean limited;
  private boolean ended;
  private long endedAt;

  void setEstimate(double bps) {
    rateBps = USAGE * bps;
    budgetBits = Math.clamp(budgetBits, -largest(), largest());
  }

  void onSent(int bytes, long nowNanos) {
    if (!started) {
      started = true;
      lastSent = nowNanos;
      return;
    }
    double seconds = (nowNanos - lastSent) / 1e9;
    lastSent = nowNanos;
    double spent = Math.max(budgetBits - bytes * 8.0, -largest());
    budgetBits = Math.min(spent + rateBps * seconds, largest());
    if (!limited && budgetBits > START_LEVEL * largest()) {
      limited = true;
    } else if (limited && budgetBits < STOP_LEVEL * largest()) {
      limited = false;
      ended = true;
      endedAt = nowNanos;
    }
  }

  private double largest() {
    return rateBps * WINDOW_SECONDS;
  }

  boolean isLimited() {
    return limited;
  }

  /// True if it is limited, or was less than `nanos` ago.
  boolean wasLimitedWithin(long nanos, long nowNanos) {
    return limited || ended && nowNanos - endedAt < nanos;
  }

  void reset() {
    started = false;
    limited = false;
    ended = false;
    budgetBits = 0;
  }
}
