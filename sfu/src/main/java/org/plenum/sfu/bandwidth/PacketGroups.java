package org.plenum.sfu.bandwidth;

/// Puts packets that were sent within 5 ms into one group, because delays between groups say more
/// about the path than delays between packets (draft-ietf-rmcat-gcc-02 §5.2), and measures how much
/// further apart two groups arrived than they were sent.
final class PacketGroups {
  private static final long GROUP_NANOS = 5_000_000;

  /// Packets that were held up somewhere and then came all at once belong together, whenever they
  /// were sent: closer than this on arrival, and no more than [#LONGEST_BURST_NANOS] in all.
  private static final long BURST_GAP_NANOS = 5_000_000;

  private static final long LONGEST_BURST_NANOS = 100_000_000;

  /// The receiver's clock was set if it ran ahead of ours by more than this between two groups.
  private static final long CLOCK_JUMP_NANOS = 3_000_000_000L;

  /// After this many groups in a row that arrived before their predecessors, the receiver's clock
  /// must have been set back.
  private static final int BACKWARDS_GROUPS = 3;

  private boolean started;
  private boolean hasPrevious;
  private long firstSend;
  private long lastSend;
  private long firstArrival;
  private long lastArrival;
  private long lastSeen;
  private long previousSend;
  private long previousArrival;
  private long previousSeen;
  private int backwards;
  private double sendDeltaMillis;
  private double arrivalDeltaMillis;

  /// Takes one packet, in the order of transport-wide numbers. Returns true if it began a new group
  /// and so completed a pair, whose deltas can then be read.
  ///
  /// @param sendNanos our clock
  /// @param arrivalNanos the receiver's clock
  /// @param nowNanos our clock, at which the feedback came
  boolean add(long sendNanos, long arrivalNanos, long nowNanos) {
    boolean completed = false;
    if (!started) {
      begin(sendNanos, arrivalNanos);
    } else if (sendNanos - firstSend < 0) {
      return false; // sent before this group began: reordered
    } else if (startsGroup(sendNanos, arrivalNanos)) {
      completed = hasPrevious && measure();
      if (!started) {
        return false;
      }
      previousSend = lastSend;
      previousArrival = lastArrival;
      previousSeen = lastSeen;
      hasPrevious = true;
      begin(sendNanos, arrivalNanos);
    } else if (sendNanos - lastSend > 0) {
      lastSend = sendNanos;
    }
    lastArrival = arrivalNanos;
    lastSeen = nowNanos;
    return completed;
  }

  private void begin(long sendNanos, long arrivalNanos) {
    started = true;
    firstSend = sendNanos;
    lastSend = sendNanos;
    firstArrival = arrivalNanos;
  }

  private boolean startsGroup(long sendNanos, long arrivalNanos) {
    long sendDelta = sendNanos - lastSend;
    if (sendDelta == 0) {
      return false;
    }
    long arrivalDelta = arrivalNanos - lastArrival;
    boolean burst =
        arrivalDelta < sendDelta
            && arrivalDelta <= BURST_GAP_NANOS
            && arrivalNanos - firstArrival < LONGEST_BURST_NANOS;
    return !burst && sendNanos - firstSend > GROUP_NANOS;
  }

  private boolean measure() {
    long arrivalDelta = lastArrival - previousArrival;
    if (arrivalDelta - (lastSeen - previousSeen) >= CLOCK_JUMP_NANOS) {
      reset();
      return false;
    }
    if (arrivalDelta < 0) {
      if (++backwards >= BACKWARDS_GROUPS) {
        reset();
      }
      return false;
    }
    backwards = 0;
    sendDeltaMillis = (lastSend - previousSend) / 1e6;
    arrivalDeltaMillis = arrivalDelta / 1e6;
    return true;
  }

  /// Between the last packets of the pair; never negative.
  double sendDeltaMillis() {
    return sendDeltaMillis;
  }

  /// Between the last packets of the pair; never negative.
  double arrivalDeltaMillis() {
    return arrivalDeltaMillis;
  }

  /// Forgets both groups: after a silence, or on another path.
  void reset() {
    started = false;
    hasPrevious = false;
    backwards = 0;
  }
}
