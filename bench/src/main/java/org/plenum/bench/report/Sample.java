package org.plenum.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The values that one figure had in several runs.
record Sample(List<Double> values) {
  Sample {
    values = values.stream().sorted().toList();
  }

  static Sample of(double... values) {
    return new Sample(Arrays.stream(values).boxed().toList());
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double median() {
    int half = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(half)
        : (values.get(half - 1) + values.get(half)) / 2;
  }

  /// Minimum, median and maximum.
  String text(int digits) {
    if (values.isEmpty()) {
      return "-";
    }
    String format = "%." + digits + "f–%." + digits + "f–%." + digits + "f";
    return String.format(Locale.ROOT, format, values.getFirst(), median(), values.getLast());
  }
}
