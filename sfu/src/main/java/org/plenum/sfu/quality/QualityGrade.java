package org.plenum.sfu.quality;

import java.util.Locale;

/// A score in a word, as tiles show it.
public enum QualityGrade {
  GOOD(80),
  FAIR(60),
  POOR(35),
  BAD(0);

  private final int from;

  QualityGrade(int from) {
    this.from = from;
  }

  /// The lowest score of this grade.
  public int from() {
    return from;
  }

  /// The grade of a score of 0 to 100.
  public static QualityGrade of(int score) {
    for (QualityGrade grade : values()) {
      if (score >= grade.from) {
        return grade;
      }
    }
    return BAD;
  }

  /// As in messages and metrics: `good`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
