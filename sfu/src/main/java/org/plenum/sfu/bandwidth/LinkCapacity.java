package org.plenum.sfu.bandwidth;

/// Where the bottleneck was last met, and within which bounds it may still be there: near it the
/// rate grows by steps, far from it by a factor.
final class LinkCapacity {
  private static final double OVERUSE_WEIGHT = 0.05;
  private static final double SPREAD = 3;
  private static final double LEAST_DEVIATION = 0.4;
  private static final double GREATEST_DEVIATION = 2.5;

  private double estimateKbps = -1;

  /// Variance over the estimate, in kb/s: 0.4 is about 14 kb/s at 500 kb/s, 2.5 about 35 kb/s.
  private double deviationKbps = LEAST_DEVIATION;

  /// The queue grew at this rate of arrival, so the bottleneck passes no more.
  void onOveruse(double acknowledgedBps) {
    double sample = acknowledgedBps / 1_000;
    estimateKbps =
        estimateKbps < 0 ? sample : (1 - OVERUSE_WEIGHT) * estimateKbps + OVERUSE_WEIGHT * sample;
    double error = estimateKbps - sample;
    deviationKbps =
        Math.clamp(
            (1 - OVERUSE_WEIGHT) * deviationKbps
                + OVERUSE_WEIGHT * error * error / Math.max(estimateKbps, 1),
            LEAST_DEVIATION,
            GREATEST_DEVIATION);
  }

  boolean isKnown() {
    return estimateKbps >= 0;
  }

  double bps() {
    return estimateKbps * 1_000;
  }

  /// True if a rate is further above the estimate than its spread explains.
  boolean isExceededBy(double bps) {
    return isKnown() && bps / 1_000 > estimateKbps + spreadKbps();
  }

  /// True if a rate is further below the estimate than its spread explains.
  boolean isFarAbove(double bps) {
    return isKnown() && bps / 1_000 < estimateKbps - spreadKbps();
  }

  private double spreadKbps() {
    return SPREAD * Math.sqrt(deviationKbps * estimateKbps);
  }

  void reset() {
    estimateKbps = -1;
  }
}
