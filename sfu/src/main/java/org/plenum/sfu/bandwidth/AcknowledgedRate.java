package org.plenum.sfu.bandwidth;

import java.util.Arrays;

/// The rate at which packets arrive at the receiver, by its own clock: a steady figure (Bayesian,
/// over windows of 150 ms) to measure growth by, and a fast one (the last 300 ms) that is the
/// bottleneck's own rate while a queue stands before it.
final class AcknowledgedRate {
  /// Longer, because the first figure is believed at once.
  private static final long FIRST_WINDOW_NANOS = 500_000_000;

  private static final long WINDOW_NANOS = 150_000_000;

  /// How far a sample may be believed, by its distance from the estimate.
  private static final double UNCERTAINTY = 10;

  private static final double START_VARIANCE = 50;

  /// Added with each sample: the rate of a path changes with time.
  private static final double DRIFT_VARIANCE = 5;

  /// Added when a change is expected (after a silence), for the next few samples.
  private static final double CHANGE_VARIANCE = 200;

  private static final long BUCKET_NANOS = 10_000_000;
  private static final int BUCKETS = 64;
  private static final int RECENT_BUCKETS = 30;

  private final int[] buckets = new int[BUCKETS];
  private long latestBucket;
  private long oldestBucket;
  private boolean started;
  private long previousArrival;
  private long windowNanos;
  private long windowBytes;
  private double estimateKbps = -1;
  private double variance = START_VARIANCE;

  /// @param arrivalNanos the receiver's clock; reordered packets are counted where the latest came
  void add(long arrivalNanos, int bytes) {
    if (!started || arrivalNanos - previousArrival < -BUCKET_NANOS * BUCKETS) {
      restart(arrivalNanos);
    }
    long arrival = Math.max(arrivalNanos, previousArrival);
    fillBucket(arrival / BUCKET_NANOS, bytes);
    long length = estimateKbps < 0 ? FIRST_WINDOW_NANOS : WINDOW_NANOS;
    windowNanos += arrival - previousArrival;
    if (arrival - previousArrival > length) {
      windowBytes = 0; // a silence says nothing about the path
      windowNanos %= length;
    }
    previousArrival = arrival;
    if (windowNanos >= length) {
      sample(windowBytes * 8e6 / length);
      windowNanos -= length;
      windowBytes = 0;
    }
    windowBytes += bytes;
  }

  private void restart(long arrivalNanos) {
    started = true;
    previousArrival = arrivalNanos;
    windowNanos = 0;
    windowBytes = 0;
    Arrays.fill(buckets, 0);
    latestBucket = arrivalNanos / BUCKET_NANOS;
    oldestBucket = latestBucket;
  }

  private void fillBucket(long bucket, int bytes) {
    long steps = bucket - latestBucket;
    if (steps >= BUCKETS) {
      Arrays.fill(buckets, 0);
      oldestBucket = bucket;
    } else {
      for (long at = latestBucket + 1; at <= bucket; at++) {
        buckets[index(at)] = 0;
      }
    }
    latestBucket = bucket;
    buckets[index(bucket)] += bytes;
  }

  private static int index(long bucket) {
    return Math.floorMod(bucket, BUCKETS);
  }

  private void sample(double kbps) {
    if (estimateKbps < 0) {
      estimateKbps = kbps;
      return;
    }
    double uncertainty = UNCERTAINTY * Math.abs(estimateKbps - kbps) / Math.max(estimateKbps, 1);
    double sampleVariance = uncertainty * uncertainty;
    double predicted = variance + DRIFT_VARIANCE;
    estimateKbps =
        (sampleVariance * estimateKbps + predicted * kbps) / (sampleVariance + predicted);
    variance = sampleVariance * predicted / (sampleVariance + predicted);
  }

  boolean isKnown() {
    return estimateKbps >= 0;
  }

  /// The steady figure, bits per second; 0 if nothing is known yet.
  double bps() {
    return Math.max(0, estimateKbps) * 1_000;
  }

  /// The rate over the last 300 ms of arrivals (fewer after a silence); the steady figure if too
  /// little came to say.
  double recentBps() {
    long first = Math.max(oldestBucket, latestBucket - RECENT_BUCKETS);
    long span = latestBucket - first;
    if (!started || span < RECENT_BUCKETS / 2) {
      return bps();
    }
    long bytes = 0;
    for (long at = first; at < latestBucket; at++) {
      bytes += buckets[index(at)];
    }
    return bytes * 8e9 / (span * BUCKET_NANOS);
  }

  /// The next samples may differ much: believe them sooner.
  void expectChange() {
    variance += CHANGE_VARIANCE;
  }

  void reset() {
    started = false;
    estimateKbps = -1;
    variance = START_VARIANCE;
  }
}
