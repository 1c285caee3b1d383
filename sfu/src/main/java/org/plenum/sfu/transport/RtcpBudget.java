package org.plenum.sfu.transport;

/// Bounds what is read of one participant's RTCP lists. Datagrams of them cost little to make and
/// much to obey, and the work would be everybody's on the worker. What is over the budget is left
/// unread. One thread, no clock.
final class RtcpBudget {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long intervalNanos;
  private final long burstNanos;
  private boolean started;

  /// When all that was read would have been read at an even pace.
  private long paidUntilNanos;

  /// @param perSecond items
  /// @param burst items at once, after a pause: the most that one turn of the worker can cost
  private RtcpBudget(int perSecond, int burst) {
    this.intervalNanos = NANOS_PER_SECOND / perSecond;
    this.burstNanos = burst * intervalNanos;
  }

  /// For entries of lists: sequence numbers in NACKs, report blocks, FIR entries, BYEs; and
  /// for what stands alone, a PLI or a sender report.
  ///
  /// A viewer of 20 slots of 100 packets/s at 20 % loss asks for 400 packets a second, each of
  /// them several times; one of 128 slots sends some hundred report blocks a second. A browser's
  /// list of what it misses holds 1000 at the most.
  static RtcpBudget ofItems() {
    return new RtcpBudget(8_000, 2_048);
  }

  /// For the packets that transport-cc feedback speaks of: nobody is sent more than 20 000 a
  /// second, and a browser reports after a quarter of a second at the latest.
  static RtcpBudget ofStatuses() {
    return new RtcpBudget(20_000, 8_192);
  }

  /// Takes so many items, or as many as may be read now.
  ///
  /// @return how many
  int take(int items, long nowNanos) {
    if (!started || paidUntilNanos - nowNanos < 0) {
      started = true;
      paidUntilNanos = nowNanos;
    }
    long left = (nowNanos + burstNanos - paidUntilNanos) / intervalNanos;
    int taken = Math.clamp(left, 0, items);
    paidUntilNanos += intervalNanos * taken;
    return taken;
  }
}
