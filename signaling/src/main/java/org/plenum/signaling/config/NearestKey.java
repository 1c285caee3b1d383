package org.plenum.signaling.config;

import java.util.Comparator;
import java.util.function.Function;

/// Guesses which setting was meant.
final class NearestKey {
  private NearestKey() {}

  /// What to say after the name of an unknown key.
  static String hint(String key) {
    return hint(key, Setting::key);
  }

  /// What to say after an unknown name in the environment.
  static String environmentHint(String name) {
    return hint(name, Setting::environmentName);
  }

  private static String hint(String wrong, Function<Setting<?>, String> spelling) {
    return Settings.all().stream()
        .map(spelling)
        .min(Comparator.comparingInt(candidate -> distance(wrong, candidate)))
        .map(nearest -> "; the nearest there is is " + nearest)
        .orElseThrow();
  }

  /// How many characters must be put in, taken out or changed (Levenshtein).
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
