package org.plenum.sfu.transport;

/// Bounds what a viewer can have sent again: one datagram of NACKs can ask for thousands of
/// packets, and the work would be everybody's on its worker. One thread, no clock.
final class RetransmissionBudget {
  /// Many times what a lossy path of many slots needs: 20 slots of 100 packets/s at 20 % loss ask
  /// for 400.
  static final int PER_SECOND = 2_000;

  /// At once, after a pause.
  static final int BURST = 256;

  private static final long INTERVAL_NANOS = 1_000_000_000L / PER_SECOND;

  private boolean started;

  /// When all that was taken would have been sent at an even pace.
  private long paidUntilNanos;

  /// Whether one more packet may be sent again now; if so, it counts as sent.
  boolean take(long nowNanos) {
    if (!started || paidUntilNanos - nowNanos < 0) {
      started = true;
      paidUntilNanos = nowNanos;
    }
    if (paidUntilNanos - nowNanos >= BURST * INTERVAL_NANOS) {
      return false;
    }
    paidUntilNanos += INTERVAL_NANOS;
    return true;
  }
}
