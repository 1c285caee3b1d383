package org.plenum.sfu.counters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.SfuHistogram;

class HistogramTest {
  @Test
  void countsEachValueOnceWithBoundsInclusive() {
    var histogram = new Histogram(10, 20);
    for (long value : new long[] {0, 10, 11, 20, 21, Long.MAX_VALUE / 2}) {
      histogram.record(value);
    }
    assertArrayEquals(new long[] {2, 2, 2}, histogram.counts());
    assertEquals(62 + Long.MAX_VALUE / 2, histogram.sum());
  }

  @Test
  void wantsBoundsThatAscend() {
    assertThrows(IllegalArgumentException.class, () -> new Histogram(1, 1));
  }

  @Test
  void hasBoundsInTheUnitOfItsName() {
    assertEquals(0.005, SfuHistogram.VIEWER_ROUND_TRIP.bounds()[0]);
    var histogram = new Histogram(SfuHistogram.VIEWER_ROUND_TRIP.valueBounds());
    histogram.record(5_000_000);
    histogram.record(5_000_001);
    assertEquals(1, histogram.counts()[0]);
    assertEquals(1, histogram.counts()[1]);
  }
}
