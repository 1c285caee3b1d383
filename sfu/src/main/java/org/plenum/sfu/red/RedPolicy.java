package org.plenum.sfu.red;

/// How many earlier payloads each packet of sound repeats for a viewer, by the loss that the viewer
/// reports. More at once, less only after a while, so that a gap between two bursts does not bare
/// the second. Owned by one thread.
public final class RedPolicy {
  /// Each costs as much as the sound itself, some 32 kb/s.
  public static final int MOST_REDUNDANT = 3;

  /// Loss from which on so many plus one are worth their price: what is left of random loss stays
  /// below about 1 %.
  private static final double[] THRESHOLDS = {0.02, 0.08, 0.2};

  /// Less only below so much of the threshold that asked for it.
  private static final double LOWER = 0.5;

  /// Loss comes in bursts some seconds apart.
  static final long HOLD_NANOS = 10_000_000_000L;

  /// One report may be chance: one packet of fifty is 2 %.
  private static final double WEIGHT = 0.5;

  private double loss;
  private int redundant;
  private long neededNanos;

  /// A receiver report came for this viewer's sound.
  ///
  /// @param fractionLost since the report before, 0 to 1 (RFC 3550 §6.4.1); what is beyond is taken
  ///     for these, what is no number for 0
  /// @return whether [#redundant] has changed
  public boolean onReport(double fractionLost, long nowNanos) {
    double fraction = Double.isNaN(fractionLost) ? 0 : Math.clamp(fractionLost, 0.0, 1.0);
    loss += (fraction - loss) * WEIGHT;
    int before = redundant;
    int needed = needed(1);
    if (needed >= redundant) {
      redundant = needed;
      neededNanos = nowNanos;
    } else if (needed(LOWER) >= redundant) {
      neededNanos = nowNanos;
    } else if (nowNanos - neededNanos >= HOLD_NANOS) {
      redundant--;
      neededNanos = nowNanos;
    }
    return redundant != before;
  }

  private int needed(double factor) {
    int count = 0;
    while (count < MOST_REDUNDANT && loss >= THRESHOLDS[count] * factor) {
      count++;
    }
    return count;
  }

  /// Earlier payloads to repeat in each packet: 0 to [#MOST_REDUNDANT].
  public int redundant() {
    return redundant;
  }
}
