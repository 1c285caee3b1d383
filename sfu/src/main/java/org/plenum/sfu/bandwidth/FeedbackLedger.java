package org.plenum.sfu.bandwidth;

import org.plenum.sfu.bandwidth.SentHistory.Fate;

/// Sees to it that the estimator hears of each packet once: feedback may overlap, come late or
/// twice, be lost, or speak of packets that were never sent. What has been reported is kept in
/// [SentHistory].
final class FeedbackLedger {
  /// How far back gaps in the feedback are looked for: further than a sender's history reaches.
  private static final int REMEMBERED = 1 << 13;

  private final SentHistory sent;
  private final BandwidthEstimator estimator;
  private boolean started;

  /// Nothing has been reported yet about this number and those after it.
  private long next;

  private long refused;

  FeedbackLedger(SentHistory sent, BandwidthEstimator estimator) {
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
    advance(number);
    Fate before = sent.fate(number);
    if (before == Fate.RECEIVED) {
      return;
    }
    sent.fate(number, Fate.RECEIVED);
    if (before == Fate.LOST) {
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
      advance(number);
      sent.fate(number, Fate.LOST);
      estimator.onLost(sent.sendNanos(number), sent.bytes(number));
    }
  }

  private boolean isKnown(long number) {
    return number < sent.nextNumber() && sent.contains(number);
  }

  private void advance(long number) {
    if (number >= next) {
      startAt(number);
      next = number + 1;
    }
  }

  /// How often feedback spoke of packets that were never sent or are long forgotten.
  long refused() {
    return refused;
  }
}
