package org.plenum.sfu.fec;

/// When a viewer's video is protected by repair packets, and by how many, instead of by
/// retransmission alone. Owned by one thread.
///
/// A retransmission costs as much as was lost, and comes a round trip later: where a round trip is
/// short, it comes in time, and nothing is cheaper. Repair packets cost bandwidth all the time, and
/// restore only one packet of a group. So they are on only while there is loss, the round trip is
/// too long to wait for, and the estimate leaves room for them.
public final class FecPolicy {
  /// A retransmission that comes within this is in time: the viewer's jitter buffer is about as
  /// long, once it has seen loss.
  static final long LONG_ROUND_TRIP_NANOS = 120_000_000L;

  /// Below this it goes off.
  static final long SHORT_ROUND_TRIP_NANOS = 80_000_000L;

  /// Loss below this is repaired well enough by retransmissions; and what is above the other is
  /// congestion, or more than one packet of a group.
  private static final double LEAST_LOSS = 0.01;

  private static final double MOST_LOSS = 0.25;

  /// Off only below so much of the least loss.
  private static final double LOWER = 0.4;

  /// Loss comes in bursts some seconds apart.
  static final long HOLD_NANOS = 10_000_000_000L;

  /// Packets of a group: expected losses in it stay below about a half.
  private static final double LOSSES_PER_GROUP = 0.5;

  private static final int LEAST_GROUP = 3;
  private static final int MOST_GROUP = 24;
  private static final double WEIGHT = 0.3;

  private double loss;
  private boolean on;
  private long neededNanos;
  private int groupSize = MOST_GROUP;

  /// A receiver report came for this viewer's video, or transport-cc told as much.
  ///
  /// @param fractionLost since the report before, 0 to 1; what is beyond is taken for these, what
  ///     is no number for 0
  /// @param roundTripNanos smoothed; 0 while unknown
  /// @param spareBps what the estimate leaves after everything else; below nothing if too little
  /// @param videoBps what the video takes without repair packets
  /// @return whether [#groupSize] has changed
  public boolean onReport(
      double fractionLost, long roundTripNanos, long spareBps, long videoBps, long nowNanos) {
    double fraction = Double.isNaN(fractionLost) ? 0 : Math.clamp(fractionLost, 0.0, 1.0);
    loss += (fraction - loss) * WEIGHT;
    int before = groupSize();
    int size = size(before);
    boolean affordable = spareBps >= videoBps / size;
    boolean needed =
        loss >= LEAST_LOSS * (on ? LOWER : 1)
            && roundTripNanos >= (on ? SHORT_ROUND_TRIP_NANOS : LONG_ROUND_TRIP_NANOS);
    if (!affordable || loss > MOST_LOSS) {
      on = false;
    } else if (needed) {
      on = true;
      neededNanos = nowNanos;
    } else if (on && nowNanos - neededNanos >= HOLD_NANOS) {
      on = false;
    }
    groupSize = size;
    return groupSize() != before;
  }

  /// The size that goes with the loss, unless the one before is near enough.
  private int size(int before) {
    double ideal = Math.clamp(LOSSES_PER_GROUP / Math.max(loss, 1e-6), LEAST_GROUP, MOST_GROUP);
    boolean isNear = before > 0 && before <= 1.5 * ideal && before >= ideal / 1.5;
    return isNear ? before : (int) ideal;
  }

  /// A repair packet after so many packets; 0: none.
  public int groupSize() {
    return on ? groupSize : 0;
  }

  /// What the repair packets cost, as a share of the video: 0 to a third.
  public double overhead() {
    return on ? 1.0 / groupSize : 0;
  }
}
