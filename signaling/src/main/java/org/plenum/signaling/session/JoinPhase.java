package org.plenum.signaling.session;

import java.util.Arrays;
import java.util.List;
import org.plenum.sfu.counters.Histogram;

/// The parts of a join, one after the other; each constant is also a metric label.
public enum JoinPhase {
  /// From `hello` to `welcome`.
  WELCOME,
  /// From the first `offer` to its `answer`.
  ANSWER,
  /// From that answer until ICE and DTLS are up; the client's network has its part in it.
  CONNECT;

  private static final long[] BOUNDS_MILLIS = {
    5, 10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000
  };

  /// Upper bounds of the buckets, in seconds.
  public static List<Double> boundsSeconds() {
    return Arrays.stream(BOUNDS_MILLIS).mapToObj(millis -> millis / 1000.0).toList();
  }

  /// An empty one, of nanoseconds.
  static Histogram histogram() {
    return new Histogram(Arrays.stream(BOUNDS_MILLIS).map(millis -> millis * 1_000_000).toArray());
  }
}
