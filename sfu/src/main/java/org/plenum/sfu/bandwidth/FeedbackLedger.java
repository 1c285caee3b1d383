package org.plenum.sfu.bandwidth;

/// Remembers what has been told of each packet, so that the estimator hears of each once: feedback
/// may overlap, come late or twice, be lost, or speak of packets that were never sent.
final class FeedbackLedger {
  /// So far back feedback is believed; further than a sender's ring reaches.
  private static final int REMEMBERED = 1 << 13;

  private static final byte UNREPORTED = 0;
  private static final byte LOST = 1;
  private static final byte RECEIVED = 2;

  private final SentPackets sent;
  private final BandwidthEstimator estimator;
  private final byte[] told = new byte[REMEMBERED];
  private boolean started;

  /// Nothing has been told of this number and those after it.
  private long next;

  private long refused;

  FeedbackLedger(SentPackets sent, BandwidthEstimator estimator) {
    this.sent = sent;
    this.estimator = estimator;
  }

  /// Feedback speaks of the packets from here on: what lies between this and what was told before
  /// will not be spoken of again.
  void startAt(long number) {
    if (!started) {
      started = true;
      next = number;
    }
    if (number > next && number - next > REMEMBERED) {
      next = number - REMEMBERED;
    }
    long end = Math.min(number, sent.nextNumber());
    for (; next < end; next++) {
      told[slot(next)] = UNREPORTED;
      if (sent.contains(next)) {
        estimator.onUnreported(sent.bytes(next));
      }
    }
  }

  void onReceived(long number, long arrivalNanos) {
    if (!isKnown(number)) {
      refused++;
      return;
    }
    byte before = advance(number, RECEIVED);
    if (before == RECEIVED) {
      return;
    }
    if (before == LOST) {
      estimator.onLossRevoked(sent.bytes(number));
    }
    estimator.onReceived(
        sent.sendNanos(number), arrivalNanos, sent.bytes(number), sent.probe(number));
  }

  void onLost(long number) {
    if (!isKnown(number)) {
      refused++;
      return;
    }
    if (number >= next) {
      advance(number, LOST);
      estimator.onLost(sent.sendNanos(number), sent.bytes(number));
    }
  }

  private boolean isKnown(long number) {
    return number < sent.nextNumber() && number > next - REMEMBERED && sent.contains(number);
  }

  /// Notes what is told of a packet now and returns what was told before.
  private byte advance(long number, byte status) {
    if (number >= next) {
      startAt(number);
      next = number + 1;
      told[slot(number)] = status;
      return UNREPORTED;
    }
    byte before = told[slot(number)];
    told[slot(number)] = status;
    return before;
  }

  private static int slot(long number) {
    return (int) (number & REMEMBERED - 1);
  }

  /// How often feedback spoke of packets that were never sent or are long forgotten.
  long refused() {
    return refused;
  }
}
