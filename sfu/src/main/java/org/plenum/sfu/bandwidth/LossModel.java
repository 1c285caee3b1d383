package org.plenum.sfu.bandwidth;

/// Explains the observed loss by a path that loses a constant part of all it carries (noise) and
/// all that is above some rate (congestion), and finds the likeliest pair of the two: noise does
/// not slow the sender down, congestion does.
///
/// Each of a few candidate rates gets its best noise by a few steps of Newton's method on the
/// likelihood; the candidate with the greatest likelihood wins, with a bias for more.
final class LossModel {
  private static final double FIRST_NOISE = 0.01;
  private static final double LEAST_NOISE = 1e-3;
  private static final double NEWTON_STEP = 0.75;
  private static final int NEWTON_STEPS = 4;

  /// Noise above this is believed only at low rates: 100 kb/s over the rate is added. More is
  /// believed of a path on which nothing ever waits.
  private static final double NOISE_OFFSET = 0.05;

  private static final double NOISE_OFFSET_WITHOUT_QUEUE = 0.12;

  private static final double BALANCE_BPS = 100_000;

  private static final double BIAS_LOSS = 0.2;
  private static final double BIAS_SMOOTHING = 0.002;
  private static final double LINEAR_BIAS = 0.0002;
  private static final double LOGARITHMIC_BIAS = 0.02;
  private static final double CERTAIN = 1e-6;
  private static final double KILOBYTE_BITS = 8_000;

  private final LossObservations observations;
  private double noiseOffset = NOISE_OFFSET;
  private double bps;
  private double noise = FIRST_NOISE;
  private double bestBps;
  private double bestNoise;
  private double bestObjective;
  private boolean considered;

  LossModel(LossObservations observations) {
    this.observations = observations;
  }

  /// The rate above which the path loses what it carries, as far as loss can tell.
  double bps() {
    return bps;
  }

  /// The part of all packets that is lost at any rate, 0 to 1.
  double noise() {
    return noise;
  }

  void set(double newBps, double newNoise) {
    bps = newBps;
    noise = feasible(newNoise, newBps);
  }

  /// @param queueing whether packets have waited on the path lately: loss is likelier congestion
  void begin(boolean queueing) {
    noiseOffset = queueing ? NOISE_OFFSET : NOISE_OFFSET_WITHOUT_QUEUE;
    bestObjective = Double.NEGATIVE_INFINITY;
    considered = false;
    bestBps = bps;
    bestNoise = noise;
  }

  /// Weighs one candidate for the rate.
  void consider(double candidateBps) {
    if (observations.isLossless()) {
      considerWithoutLoss(candidateBps);
      return;
    }
    double candidateNoise = feasible(noise, candidateBps);
    for (int i = 0; i < NEWTON_STEPS; i++) {
      candidateNoise = feasible(newton(candidateBps, candidateNoise), candidateBps);
    }
    double objective = objective(candidateBps, candidateNoise);
    if (objective > bestObjective) {
      bestObjective = objective;
      bestBps = candidateBps;
      bestNoise = candidateNoise;
    }
  }

  /// Where nothing was lost, which is nearly always, the steps end at the least noise, and the
  /// highest rate is the likeliest: the bias rises with it, and the loss that it would explain
  /// falls.
  private void considerWithoutLoss(double candidateBps) {
    if (!considered || candidateBps > bestBps) {
      considered = true;
      bestBps = candidateBps;
      bestNoise = LEAST_NOISE;
    }
  }

  double bestBps() {
    return bestBps;
  }

  double bestNoise() {
    return bestNoise;
  }

  private double feasible(double noise, double bps) {
    double most = Math.min(1, noiseOffset + BALANCE_BPS / Math.max(bps, 1));
    return Math.min(Math.max(noise, LEAST_NOISE), most);
  }

  private static double lossProbability(double noise, double bps, double sendingBps) {
    double excess = sendingBps > bps ? (1 - noise) * (sendingBps - bps) / sendingBps : 0;
    return Math.clamp(noise + excess, CERTAIN, 1 - CERTAIN);
  }

  private double newton(double candidateBps, double candidateNoise) {
    double first = 0;
    double second = 0;
    for (int age = 0; age < observations.count(); age++) {
      double p = lossProbability(candidateNoise, candidateBps, observations.rateBps(age));
      double lost = observations.lostBits(age) / KILOBYTE_BITS;
      double received = observations.sentBits(age) / KILOBYTE_BITS - lost;
      double weight = observations.weight(age);
      first += weight * (lost / p - received / (1 - p));
      second -= weight * (lost / (p * p) + received / ((1 - p) * (1 - p)));
    }
    return second < 0 ? candidateNoise - NEWTON_STEP * first / second : candidateNoise;
  }

  private double objective(double candidateBps, double candidateNoise) {
    double bias = bias(candidateBps / 1_000);
    double sum = 0;
    for (int age = 0; age < observations.count(); age++) {
      double p = lossProbability(candidateNoise, candidateBps, observations.rateBps(age));
      double sent = observations.sentBits(age) / KILOBYTE_BITS;
      double lost = observations.lostBits(age) / KILOBYTE_BITS;
      sum +=
          observations.weight(age)
              * (lost * Math.log(p) + (sent - lost) * Math.log(1 - p) + bias * sent);
    }
    return sum;
  }

  /// More is better while little is lost; above 20 % loss, less is.
  private double bias(double kbps) {
    double margin = BIAS_LOSS - observations.averageLoss();
    double factor = margin / (BIAS_SMOOTHING + Math.abs(margin));
    return factor * (LINEAR_BIAS * kbps + LOGARITHMIC_BIAS * Math.log1p(kbps));
  }

  /// The most that a path with this average loss is trusted with.
  double ceilingBps() {
    double excess = observations.averageLoss() - noiseOffset;
    return excess > 0 ? BALANCE_BPS / excess : Double.POSITIVE_INFINITY;
  }
}
