package org.plenum.sfu.quality;

/// How a second was.
///
/// @param score 0 (nothing came through) to 100 (nothing to complain of)
/// @param cause what cost most of the score; [QualityCause#NONE] only if it is good
public record Quality(int score, QualityCause cause) {
  public QualityGrade grade() {
    return QualityGrade.of(score);
  }
}
