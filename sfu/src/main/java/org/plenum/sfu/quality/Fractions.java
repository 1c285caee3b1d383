package org.plenum.sfu.quality;

/// Shares out of counters that a network or a page may have made up: always 0 to 1.
final class Fractions {
  private Fractions() {}

  static double of(int part, int whole) {
    return whole <= 0 ? 0 : clamp((double) part / whole);
  }

  /// What is no number counts as 0.
  static double clamp(double value) {
    return Double.isNaN(value) ? 0 : Math.clamp(value, 0.0, 1.0);
  }

  /// How far a value is from where it begins to matter to where it could not be worse: 0 to 1.
  static double between(double value, double from, double to) {
    return clamp((value - from) / (to - from));
  }
}
