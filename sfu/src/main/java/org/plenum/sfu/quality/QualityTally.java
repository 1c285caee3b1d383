package org.plenum.sfu.quality;

import org.plenum.sfu.counters.Histogram;

/// Counts seconds by cause and score. Any thread writes, any thread reads. Never by participant.
public final class QualityTally {
  private final Histogram[] scores = new Histogram[QualityCause.values().length];

  public QualityTally() {
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new Histogram(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
    }
  }

  public void record(Quality second) {
    scores[second.cause().ordinal()].record(second.score());
  }

  /// Scores of the seconds that were that one's fault.
  public Histogram scores(QualityCause cause) {
    return scores[cause.ordinal()];
  }
}
