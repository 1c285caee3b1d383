package org.plenum.sfu.bandwidth;

import java.util.Arrays;

/// What was sent and what was lost of it in the last 15 stretches of at least 250 ms.
final class LossObservations {
  private static final int WINDOW = 15;
  private static final long SHORTEST_NANOS = 250_000_000;

  /// Recent stretches count for more.
  private static final double WEIGHT = 0.9;

  /// From here on the best and the worst stretch are left out of the average.
  private static final int ENOUGH_TO_TRIM = 4;

  private static final double BURST = 2;

  private final double[] sentBits = new double[WINDOW];
  private final double[] lostBits = new double[WINDOW];
  private final double[] rateBps = new double[WINDOW];
  private final double[] weights = new double[WINDOW];
  private final double[] sorted = new double[WINDOW];
  private int count;
  private int newest;
  private boolean started;
  private long firstSend;
  private long lastSend;
  private double partialSentBits;
  private double partialLostBits;
  private double averageLoss;
  private boolean lossless = true;

  LossObservations() {
    for (int i = 0; i < WINDOW; i++) {
      weights[i] = Math.pow(WEIGHT, i);
    }
  }

  void onReceived(long sendNanos, int bytes) {
    partialSentBits += bytes * 8.0;
    sent(sendNanos);
  }

  void onLost(long sendNanos, int bytes) {
    partialLostBits += bytes * 8.0;
    onReceived(sendNanos, bytes);
  }

  /// What was said to be lost arrived after all, and is told of again.
  void onLossRevoked(int bytes) {
    double bits = bytes * 8.0;
    double ofPartial = Math.min(bits, partialLostBits);
    partialLostBits -= ofPartial;
    partialSentBits -= ofPartial;
    double ofNewest = Math.min(bits - ofPartial, lostBits[newest]);
    if (ofNewest > 0) {
      lostBits[newest] -= ofNewest;
      sentBits[newest] -= ofNewest;
      averageLoss = average();
    }
  }

  private void sent(long sendNanos) {
    if (!started) {
      started = true;
      firstSend = sendNanos;
      lastSend = sendNanos;
    } else if (sendNanos - lastSend > 0) {
      lastSend = sendNanos;
    }
  }

  /// Ends the running stretch if it is long enough. Returns true if it did.
  boolean complete() {
    long length = lastSend - firstSend;
    if (!started || length < SHORTEST_NANOS) {
      return false;
    }
    newest = (newest + 1) % WINDOW;
    sentBits[newest] = partialSentBits;
    lostBits[newest] = partialLostBits;
    rateBps[newest] = partialSentBits * 1e9 / length;
    count = Math.min(count + 1, WINDOW);
    partialSentBits = 0;
    partialLostBits = 0;
    firstSend = lastSend;
    averageLoss = average();
    return true;
  }

  private double average() {
    double sent = 0;
    double lost = 0;
    int best = 0;
    int worst = 0;
    lossless = isNothingLost();
    if (lossless) {
      return 0;
    }
    for (int age = 0; age < count; age++) {
      sent += weight(age) * sentBits(age);
      lost += weight(age) * lostBits(age);
      best = loss(age) < loss(best) ? age : best;
      worst = loss(age) > loss(worst) ? age : worst;
    }
    if (count >= ENOUGH_TO_TRIM && best != worst && rateBps(worst) < BURST * medianRate()) {
      sent -= weight(best) * sentBits(best) + weight(worst) * sentBits(worst);
      lost -= weight(best) * lostBits(best) + weight(worst) * lostBits(worst);
    }
    return sent > 0 ? Math.clamp(lost / sent, 0, 1) : 0;
  }

  private boolean isNothingLost() {
    for (int age = 0; age < count; age++) {
      if (lostBits(age) > 0) {
        return false;
      }
    }
    return true;
  }

  private double loss(int age) {
    return sentBits(age) > 0 ? lostBits(age) / sentBits(age) : 0;
  }

  private double medianRate() {
    System.arraycopy(rateBps, 0, sorted, 0, WINDOW);
    Arrays.sort(sorted); // slots never filled are 0 and come first
    int first = WINDOW - count;
    return (sorted[first + (count - 1) / 2] + sorted[first + count / 2]) / 2;
  }

  int count() {
    return count;
  }

  /// Whether nothing was lost in any of them.
  boolean isLossless() {
    return lossless;
  }

  /// Weighted by age, without the best and the worst stretch; 0 to 1.
  double averageLoss() {
    return averageLoss;
  }

  /// When the last packet of the newest stretch was sent.
  long newestNanos() {
    return firstSend;
  }

  double weight(int age) {
    return weights[age];
  }

  double sentBits(int age) {
    return sentBits[slot(age)];
  }

  double lostBits(int age) {
    return lostBits[slot(age)];
  }

  double rateBps(int age) {
    return rateBps[slot(age)];
  }

  private int slot(int age) {
    return Math.floorMod(newest - age, WINDOW);
  }

  void reset() {
    Arrays.fill(rateBps, 0);
    Arrays.fill(lostBits, 0);
    count = 0;
    started = false;
    firstSend = 0;
    lastSend = 0;
    partialSentBits = 0;
    partialLostBits = 0;
    averageLoss = 0;
    lossless = true;
  }
}
