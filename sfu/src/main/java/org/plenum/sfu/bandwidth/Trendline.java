package org.plenum.sfu.bandwidth;

/// Tells from the deltas between packet groups whether a queue grows on the path: the slope of a
/// line through the last 20 smoothed delays, against a threshold that follows the path's own noise
/// (draft-ietf-rmcat-gcc-02 §5.3 and §5.4, with the line in place of the Kalman filter).
final class Trendline {
  private static final int WINDOW = 20;
  private static final double SMOOTHING = 0.9;
  private static final double GAIN = 4.0;

  /// A slope counts for more, the more deltas it was seen over; up to here.
  private static final int FULL_CONFIDENCE_DELTAS = 60;

  private static final double START_THRESHOLD_MILLIS = 12.5;
  private static final double LEAST_THRESHOLD_MILLIS = 6;
  private static final double GREATEST_THRESHOLD_MILLIS = 600;
  private static final double THRESHOLD_UP = 0.0087;
  private static final double THRESHOLD_DOWN = 0.039;

  /// A slope this far beyond the threshold is a fault of the path, not its noise: not learnt from.
  private static final double SPIKE_MILLIS = 15;

  private static final double LONGEST_ADAPTATION_MILLIS = 100;
  private static final double OVERUSE_MILLIS = 10;

  private final double[] arrivalMillis = new double[WINDOW];
  private final double[] delayMillis = new double[WINDOW];
  private int deltas;
  private int next;
  private double clockMillis;
  private double accumulatedMillis;
  private double smoothedMillis;
  private double previousTrend;
  private double threshold = START_THRESHOLD_MILLIS;
  private double overusingMillis = -1;
  private int overuses;
  private Usage usage = Usage.NORMAL;

  /// Takes the deltas of one pair of groups, milliseconds.
  void update(double sendDelta, double arrivalDelta) {
    deltas = Math.min(deltas + 1, 1_000);
    clockMillis += arrivalDelta;
    accumulatedMillis += arrivalDelta - sendDelta;
    smoothedMillis = SMOOTHING * smoothedMillis + (1 - SMOOTHING) * accumulatedMillis;
    arrivalMillis[next] = clockMillis;
    delayMillis[next] = smoothedMillis;
    next = (next + 1) % WINDOW;
    double trend = deltas >= WINDOW ? slope() : previousTrend;
    detect(trend, sendDelta);
    adapt(modified(trend), arrivalDelta);
  }

  private double slope() {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < WINDOW; i++) {
      meanX += arrivalMillis[i];
      meanY += delayMillis[i];
    }
    meanX /= WINDOW;
    meanY /= WINDOW;
    double numerator = 0;
    double denominator = 0;
    for (int i = 0; i < WINDOW; i++) {
      double x = arrivalMillis[i] - meanX;
      numerator += x * (delayMillis[i] - meanY);
      denominator += x * x;
    }
    return denominator == 0 ? previousTrend : numerator / denominator;
  }

  private double modified(double trend) {
    return Math.min(deltas, FULL_CONFIDENCE_DELTAS) * trend * GAIN;
  }

  private void detect(double trend, double sendDelta) {
    double modified = modified(trend);
    if (deltas < 2) {
      usage = Usage.NORMAL;
    } else if (modified > threshold) {
      overusingMillis = overusingMillis < 0 ? sendDelta / 2 : overusingMillis + sendDelta;
      overuses++;
      if (overusingMillis > OVERUSE_MILLIS && overuses > 1 && trend >= previousTrend) {
        overusingMillis = 0;
        overuses = 0;
        usage = Usage.OVERUSING;
      }
    } else {
      overusingMillis = -1;
      overuses = 0;
      usage = modified < -threshold ? Usage.UNDERUSING : Usage.NORMAL;
    }
    previousTrend = trend;
  }

  private void adapt(double modified, double elapsedMillis) {
    double size = Math.abs(modified);
    if (size > threshold + SPIKE_MILLIS) {
      return;
    }
    double rate = size < threshold ? THRESHOLD_DOWN : THRESHOLD_UP;
    double elapsed = Math.min(elapsedMillis, LONGEST_ADAPTATION_MILLIS);
    threshold =
        Math.clamp(
            threshold + rate * (size - threshold) * elapsed,
            LEAST_THRESHOLD_MILLIS,
            GREATEST_THRESHOLD_MILLIS);
  }

  Usage usage() {
    return usage;
  }

  /// Takes back what was said last: too long ago to be true.
  void expire() {
    usage = Usage.NORMAL;
    overusingMillis = -1;
    overuses = 0;
  }

  /// Forgets all: the path is another one.
  void reset() {
    expire();
    deltas = 0;
    next = 0;
    clockMillis = 0;
    accumulatedMillis = 0;
    smoothedMillis = 0;
    previousTrend = 0;
    threshold = START_THRESHOLD_MILLIS;
  }
}
