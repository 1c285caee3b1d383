package org.plenum.sfu.bandwidth;

import java.util.Arrays;

/// Values over time, to be asked about stretches of it.
final class Series {
  private double[] times = new double[1_024];
  private double[] values = new double[1_024];
  private int size;

  void add(double seconds, double value) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    times[size] = seconds;
    values[size++] = value;
  }

  /// The time of the latest value; 0 if there is none.
  double last() {
    return size == 0 ? 0 : times[size - 1];
  }

  boolean has(double from, double to) {
    return part(from, to).length > 0;
  }

  double mean(double from, double to) {
    double[] part = part(from, to);
    return Arrays.stream(part).average().orElse(0);
  }

  double sum(double from, double to) {
    return Arrays.stream(part(from, to)).sum();
  }

  double min(double from, double to) {
    return Arrays.stream(part(from, to)).min().orElse(0);
  }

  double max(double from, double to) {
    return Arrays.stream(part(from, to)).max().orElse(0);
  }

  double percentile(double percent, double from, double to) {
    double[] part = part(from, to);
    Arrays.sort(part);
    return part.length == 0
        ? 0
        : part[(int) Math.min(part.length - 1, part.length * percent / 100)];
  }

  /// When, from `from` on, the value is between the bounds for the first time; NaN if never.
  double firstWithin(double least, double most, double from) {
    for (int i = 0; i < size; i++) {
      if (times[i] >= from && values[i] >= least && values[i] <= most) {
        return times[i];
      }
    }
    return Double.NaN;
  }

  /// The last time before `to` at which the value was above a bound; `from` if never.
  double lastAbove(double bound, double from, double to) {
    double last = from;
    for (int i = 0; i < size; i++) {
      if (times[i] >= from && times[i] < to && values[i] > bound) {
        last = times[i];
      }
    }
    return last;
  }

  private double[] part(double from, double to) {
    return Arrays.copyOfRange(values, firstAt(from), firstAt(to));
  }

  /// The place of the first value that is not before a time; times only rise.
  private int firstAt(double seconds) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < seconds) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
