package org.plenum.sfu.counters;

import java.util.List;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;

/// Counts seconds by cause and score. Any thread writes, any thread reads. Never by participant.
public final class QualityTally {
  /// Upper bounds of the buckets.
  public static final List<Long> BOUNDS =
      List.of(10L, 20L, 30L, 40L, 50L, 60L, 70L, 80L, 90L, 100L);

  private final Histogram[] scores = new Histogram[QualityCause.values().length];

  public QualityTally() {
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new Histogram(BOUNDS.stream().mapToLong(Long::longValue).toArray());
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
