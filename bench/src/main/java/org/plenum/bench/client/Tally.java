package org.plenum.bench.client;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/// What the clients of one loop should have had and had, by the second in which it was sent, and
/// how long it took. Owned by the loop.
public final class Tally {
  /// Highest delay that is told apart.
  private static final long MOST_DELAY_NANOS = 60_000_000_000L;

  /// Of the delays of one second, which are many histograms.
  private static final int DIGITS_OF_A_SECOND = 2;

  private static final int DIGITS = 3;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Histogram measured = new Histogram(MOST_DELAY_NANOS, DIGITS);
  private final Histogram lately = new Histogram(MOST_DELAY_NANOS, DIGITS_OF_A_SECOND);
  private final long epochNanos;
  private long[] expected = new long[64];
  private long[] delivered = new long[64];

  /// @param epochNanos when the first second begins
  public Tally(long epochNanos) {
    this.epochNanos = epochNanos;
  }

  /// Packets were sent that so many clients should get, altogether.
  void onSent(long sentNanos, long receptions) {
    int second = second(sentNanos); // before the array is read: it may be another one then
    expected[second] += receptions;
  }

  /// One of them came.
  ///
  /// @param inWindow whether it was sent within the measured window
  void onDelivered(long sentNanos, long nowNanos, boolean inWindow) {
    int second = second(sentNanos);
    delivered[second]++;
    long delay = Math.clamp(nowNanos - sentNanos, 0, MOST_DELAY_NANOS);
    lately.recordValue(delay);
    if (inWindow) {
      measured.recordValue(delay);
    }
  }

  private int second(long nanos) {
    int second = (int) Math.max(0, (nanos - epochNanos) / SECOND_NANOS);
    if (second >= expected.length) {
      expected = Arrays.copyOf(expected, Math.max(2 * expected.length, second + 1));
      delivered = Arrays.copyOf(delivered, expected.length);
    }
    return second;
  }

  /// Delays of the measured window, nanoseconds.
  public Histogram measured() {
    return measured;
  }

  /// Adds the delays since the last call, nanoseconds.
  public void takeLately(Histogram to) {
    to.add(lately);
    lately.reset();
  }

  /// Hands over what was counted in each second, from 0 on.
  public void addTo(PerSecond sum) {
    for (int second = 0; second < expected.length; second++) {
      sum.add(second, expected[second], delivered[second]);
    }
  }

  /// Takes what was counted in one second.
  @FunctionalInterface
  public interface PerSecond {
    void add(int second, long expected, long delivered);
  }
}
