package org.plenum.sfu.counters;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts values by size, in fixed buckets, and sums them. Any thread writes, any thread reads; for
/// what happens some times a second, not for packets.
public final class Histogram {
  private final long[] bounds;

  /// One for each bound, one for what is above all, then the sum.
  private final AtomicLongArray counts;

  /// @param bounds upper ones, inclusive, ascending, in the unit of the values
  public Histogram(long... bounds) {
    for (int i = 1; i < bounds.length; i++) {
      if (bounds[i] <= bounds[i - 1]) {
        throw new IllegalArgumentException("bounds must ascend, not " + Arrays.toString(bounds));
      }
    }
    this.bounds = bounds.clone();
    this.counts = new AtomicLongArray(bounds.length + 2);
  }

  /// @param value not negative
  public void record(long value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts.getAndAdd(bucket, 1);
    counts.getAndAdd(bounds.length + 1, value);
  }

  /// How many values fell into each bucket; the last is above every bound.
  public long[] counts() {
    long[] copy = new long[bounds.length + 1];
    Arrays.setAll(copy, counts::get);
    return copy;
  }

  public long sum() {
    return counts.get(bounds.length + 1);
  }
}
