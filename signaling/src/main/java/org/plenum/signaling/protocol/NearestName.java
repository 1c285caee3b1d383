package org.plenum.signaling.protocol;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Guesses which of the names there are somebody meant.
public final class NearestName {
  /// So many characters may differ in any name.
  private static final int LEAST_REACH = 2;

  /// Of a longer name, one character in so many.
  private static final int REACH_SHARE = 3;

  private NearestName() {}

  /// What to say after an unknown name; empty where none of them is near.
  ///
  /// @param names dots or underscores may part them into segments
  public static String hint(String wrong, Collection<String> names) {
    String nearest = of(wrong, names);
    return nearest == null ? "" : "; the nearest there is is " + nearest;
  }

  /// The one that needs the fewest changes; where none is near as a whole, the one whose last
  /// segment is; null if there is none of these either.
  static @Nullable String of(String wrong, Collection<String> names) {
    Comparator<String> byWhole = Comparator.comparingInt(name -> distance(wrong, name));
    String nearest = names.stream().min(byWhole).orElse(null);
    if (nearest == null || distance(wrong, nearest) <= reach(wrong)) {
      return nearest;
    }
    String end = lastSegment(wrong);
    return names.stream()
        .filter(name -> distance(end, lastSegment(name)) < LEAST_REACH)
        .min(byWhole)
        .orElse(null);
  }

  private static int reach(String name) {
    return Math.max(LEAST_REACH, name.length() / REACH_SHARE);
  }

  private static String lastSegment(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('_')) + 1);
  }

  /// How many characters must be put in, taken out, changed or swapped with the next (optimal
  /// string alignment).
  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(last[j - 1] + (same ? 0 : 1), 1 + Math.min(last[j], row[j - 1]));
        if (i > 1 && j > 1 && isSwapped(a, i, b, j)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] spare = before;
      before = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }

  private static boolean isSwapped(String a, int i, String b, int j) {
    return a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
