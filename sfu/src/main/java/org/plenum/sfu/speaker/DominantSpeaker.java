package org.plenum.sfu.speaker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The decision of Volfin and Cohen: somebody takes over from the dominant speaker if their speech
/// outweighs the other's in each of three spans of time. To be asked every [#INTERVAL_NANOS].
final class DominantSpeaker {
  static final long INTERVAL_NANOS = 300_000_000L;

  /// Thresholds of the logarithms of relative activity, by span.
  private static final double C1 = 3;
  private static final double C2 = 2;
  private static final double C3 = 0;

  private static final double LEAST_SCORE = 1e-10;

  private static final double[] IMMEDIATE = logScores(13, 0.78);
  private static final double[] MEDIUM = logScores(5, 24);
  private static final double[] OVERALL = logScores(10, 47);

  private DominantSpeaker() {}

  /// Logarithms of the scores (speech against noise, paper's section III) of 0 to `most` active
  /// units out of `most`, for p = 0.5.
  private static double[] logScores(int most, double lambda) {
    double[] logs = new double[most + 1];
    double binomial = 1;
    for (int active = 0; active <= most; active++) {
      double score = Math.log(binomial) + most * Math.log(0.5) - Math.log(lambda) + lambda * active;
      logs[active] = Math.log(Math.max(score, LEAST_SCORE));
      binomial = binomial * (most - active) / (active + 1);
    }
    return logs;
  }

  /// Who is the dominant speaker now.
  ///
  /// @param dominant who was; null before anybody spoke
  /// @return null if nobody has spoken yet
  static @Nullable Speech decide(
      List<Speech> candidates, @Nullable Speech dominant, long nowNanos) {
    double immediate = IMMEDIATE[0];
    double medium = MEDIUM[0];
    double overall = OVERALL[0];
    if (dominant != null) {
      dominant.evaluate(nowNanos);
      immediate = IMMEDIATE[dominant.immediate()];
      medium = MEDIUM[dominant.medium()];
      overall = OVERALL[dominant.overall()];
    }
    Speech best = dominant;
    double most = C2;
    for (int i = 0; i < candidates.size(); i++) {
      Speech candidate = candidates.get(i);
      if (candidate == dominant) {
        continue;
      }
      candidate.evaluate(nowNanos);
      double c2 = MEDIUM[candidate.medium()] - medium;
      if (IMMEDIATE[candidate.immediate()] - immediate > C1
          && OVERALL[candidate.overall()] - overall > C3
          && c2 > most) {
        most = c2;
        best = candidate;
      }
    }
    return best;
  }
}
