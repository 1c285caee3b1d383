package org.plenum.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.plenum.sfu.counters.Histogram;

/// A metric made of histograms that others keep. Micrometer has functions for counters and gauges,
/// and none for these.
///
/// @param name with prefix and unit, in dotted form
/// @param bounds upper ones, in the unit of the name
/// @param scale how many of a kept value make one of that unit
/// @param points asked at each scrape
public record HistogramFamily(
    String name, String help, List<Double> bounds, double scale, Supplier<List<Point>> points)
    implements Collector {
  /// One series.
  ///
  /// @param counts by bucket, one more than there are bounds
  public record Point(Labels labels, List<Long> counts, long sum) {
    public Point {
      counts = List.copyOf(counts);
    }

    /// Several histograms of the same bounds as one.
    public static Point sum(Labels labels, List<Histogram> histograms) {
      long[] counts = new long[histograms.getFirst().counts().length];
      long sum = 0;
      for (Histogram histogram : histograms) {
        long[] each = histogram.counts();
        for (int i = 0; i < counts.length; i++) {
          counts[i] += each[i];
        }
        sum += histogram.sum();
      }
      return new Point(labels, Arrays.stream(counts).boxed().toList(), sum);
    }
  }

  public HistogramFamily {
    bounds = List.copyOf(bounds);
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder snapshot =
        HistogramSnapshot.builder().name(name.replace('.', '_')).help(help);
    points.get().forEach(point -> snapshot.dataPoint(data(point)));
    return snapshot.build();
  }

  private HistogramDataPointSnapshot data(Point point) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < point.counts().size(); i++) {
      double bound = i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY;
      buckets.bucket(bound, point.counts().get(i));
    }
    return HistogramDataPointSnapshot.builder()
        .labels(point.labels())
        .classicHistogramBuckets(buckets.build())
        .sum(point.sum() / scale)
        .build();
  }
}
