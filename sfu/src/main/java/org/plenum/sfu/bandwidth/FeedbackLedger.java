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
      int entry = sent.findSent(next);
      if (entry >= 0) {
        estimator.onUnreported(sent.bytes(entry));
      }
    }
  }

  void onReceived(long number, long arrivalNanos) {
    int entry = find(number);
    if (entry < 0) {
      refused++;
      return;
    }
    advance(number);
    Fate before = sent.fate(entry);
    if (before == Fate.RECEIVED) {
      return;
    }
    sent.fate(entry, Fate.RECEIVED);
    int bytes = sent.bytes(entry);
    if (before == Fate.LOST) {
      estimator.onLossRevoked(bytes);
    }
    estimator.onReceived(sent.sendNanos(entry), arrivalNanos, bytes, sent.probe(entry));
  }

  void onLost(long number) {
    int entry = find(number);
    if (entry < 0) {
      refused++;
      return;
    }
    if (number >= next) {
      advance(number);
      sent.fate(entry, Fate.LOST);
      estimator.onLost(sent.sendNanos(entry), sent.bytes(entry));
    }
  }

  private int find(long number) {
    return number < sent.nextNumber() ? sent.findSent(number) : -1;
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
