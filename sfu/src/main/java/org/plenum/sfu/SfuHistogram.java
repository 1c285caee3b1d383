package org.plenum.sfu;

/// What the SFU measures rather than counts; each value falls into a bucket.
public enum SfuHistogram {
  VIEWER_ROUND_TRIP(
      "viewer.round.trip.seconds",
      "Round trips to viewers, by their receiver reports",
      Unit.NANOSECONDS,
      5,
      10,
      20,
      50,
      100,
      200,
      400,
      800,
      2000),
  VIEWER_LOSS(
      "viewer.loss.ratio",
      "Share of packets that viewers lost between two of their receiver reports",
      Unit.MILLIONTHS,
      Bounds.LOSS),
  VIEWER_JITTER(
      "viewer.jitter.seconds",
      "Interarrival jitter at viewers, by their receiver reports",
      Unit.NANOSECONDS,
      Bounds.JITTER),
  PUBLISHER_LOSS(
      "publisher.loss.ratio",
      "Share of publishers' packets that were lost between two of our receiver reports",
      Unit.MILLIONTHS,
      Bounds.LOSS),
  PUBLISHER_JITTER(
      "publisher.jitter.seconds",
      "Interarrival jitter of what publishers send, at our receiver reports",
      Unit.NANOSECONDS,
      Bounds.JITTER),
  RELAY_DELAY(
      "relay.delay.seconds",
      "From a packet's arrival at one worker to its being taken over by another that shares its room",
      Unit.NANOSECONDS,
      1,
      2,
      5,
      10,
      20,
      50,
      100),
  WORKER_LAG(
      "worker.lag.seconds",
      "How late a worker looks at its timers, which it does every 10 to 25 ms",
      Unit.NANOSECONDS,
      1,
      2,
      5,
      10,
      20,
      50,
      100,
      500);

  /// What values are given in, and how many of it make the unit that the name ends in.
  public enum Unit {
    NANOSECONDS(1e9, 1_000_000),
    MILLIONTHS(1e6, 1000);

    private final double inBase;
    private final long perThousandth;

    Unit(double inBase, long perThousandth) {
      this.inBase = inBase;
      this.perThousandth = perThousandth;
    }
  }

  /// In thousandths, so milliseconds or per mille.
  private static final class Bounds {
    static final long[] LOSS = {0, 10, 20, 50, 100, 200, 500};
    static final long[] JITTER = {1, 2, 5, 10, 20, 30, 50, 100, 200};
  }

  private final String metric;
  private final String help;
  private final Unit unit;
  private final long[] thousandths;

  SfuHistogram(String metric, String help, Unit unit, long... thousandths) {
    this.metric = metric;
    this.help = help;
    this.unit = unit;
    this.thousandths = thousandths;
  }

  /// Its name in dotted form, without prefix, the unit last.
  public String metric() {
    return metric;
  }

  /// One sentence for the reader of the metric.
  public String help() {
    return help;
  }

  /// How many of a value make one of the unit in the name.
  public double scale() {
    return unit.inBase;
  }

  /// Upper bounds of the buckets, in the unit of the name.
  public double[] bounds() {
    double[] bounds = new double[thousandths.length];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = thousandths[i] / 1000.0;
    }
    return bounds;
  }

  /// Upper bounds of the buckets, in the unit of the values.
  public long[] valueBounds() {
    long[] bounds = thousandths.clone();
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] *= unit.perThousandth;
    }
    return bounds;
  }
}
