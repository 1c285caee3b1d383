package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NanoTime;

class BandwidthEstimatorTest {
  private static final long SECOND = 1_000_000_000;
  private static final long MILLIS = 1_000_000;

  /// Near the wrap of the clock, which nothing may notice.
  private static final long START = Long.MAX_VALUE - 10 * SECOND;

  private final BandwidthEstimator estimator =
      new BandwidthEstimator(300_000, 50_000, 5_000_000, START);
  private final Probe probe = new Probe();
  private long now = START;

  /// Sends packets of 1 000 bytes every 10 ms (800 kb/s), told of every 50 ms, 20 ms one way.
  private void call(double seconds) {
    long end = now + (long) (seconds * SECOND);
    while (end - now > 0) {
      long first = now;
      for (int i = 0; i < 5; i++) {
        estimator.onSent(1_000, now);
        now += 10 * MILLIS;
      }
      estimator.beginFeedback(now + 20 * MILLIS);
      for (int i = 0; i < 5; i++) {
        long sent = first + i * 10 * MILLIS;
        estimator.onReceived(sent, sent + 20 * MILLIS + 12_345 * SECOND, 1_000, Probe.NONE);
      }
      estimator.endFeedback();
    }
  }

  private List<Long> probes() {
    var rates = new ArrayList<Long>();
    while (estimator.takeProbe(probe, now)) {
      rates.add(probe.rateBps());
    }
    return rates;
  }

  @Test
  void badBoundsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BandwidthEstimator(1, 2, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> new BandwidthEstimator(4, 2, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> new BandwidthEstimator(2, 0, 3, 0));
  }

  @Test
  void theFirstPacketStartsProbesOfThreeAndSixTimesTheStart() {
    assertEquals(NanoTime.NEVER, estimator.nextTimeoutNanos());
    assertEquals(List.of(), probes());
    estimator.onSent(100, now);
    assertEquals(List.of(900_000L, 1_800_000L), probes());
  }

  @Test
  void nobodyIsProbedForWhatNobodyWants() {
    estimator.onDemand(400_000, now);
    estimator.onSent(100, now);
    assertEquals(List.of(560_000L), probes());
    var unwanted = new BandwidthEstimator(300_000, 50_000, 5_000_000, now);
    unwanted.onDemand(0, now);
    unwanted.onSent(100, now);
    assertFalse(unwanted.takeProbe(probe, now));
  }

  @Test
  void moreDemandIsProbedForAtOnce() {
    estimator.onDemand(200_000, now);
    call(5);
    probes();
    estimator.onDemand(2_000_000, now);
    assertEquals(2 * estimator.targetBps(), probes().getFirst(), 2);
  }

  @Test
  void aReceiversEstimateCountsUntilFeedbackComes() {
    estimator.onReceiverEstimate(700_000, now);
    assertEquals(700_000, estimator.targetBps());
    estimator.onReceiverEstimate(400_000, now);
    assertEquals(400_000, estimator.targetBps());
  }

  @Test
  void aReceiversEstimateIsACeilingAfterwards() {
    call(3);
    long before = estimator.targetBps();
    estimator.onReceiverEstimate(100_000, now);
    assertEquals(100_000, estimator.targetBps());
    estimator.onReceiverEstimate(4_000_000, now);
    assertEquals(before, estimator.targetBps());
  }

  @Test
  void absurdReceiverEstimatesAreHarmless() {
    estimator.onReceiverEstimate(0, now);
    assertEquals(300_000, estimator.targetBps());
    estimator.onReceiverEstimate(1, now);
    assertEquals(50_000, estimator.targetBps());
    estimator.onReceiverEstimate(Long.MAX_VALUE, now);
    assertEquals(5_000_000, estimator.targetBps());
    estimator.onReceiverEstimate(Long.MIN_VALUE, now);
    assertEquals(5_000_000, estimator.targetBps());
  }

  @Test
  void feedbackThatStopsLowersTheRateByStepsDownToTheLeast() {
    call(3);
    long before = estimator.targetBps();
    estimator.onSent(1_000, now);
    long sentAt = now;
    long least = before;
    for (int i = 0; i < 400; i++) {
      now = estimator.nextTimeoutNanos();
      estimator.onTimeout(now);
      assertTrue(estimator.targetBps() <= least);
      least = estimator.targetBps();
      if (now - sentAt < SECOND) {
        assertEquals(before, least);
      }
    }
    assertEquals(50_000, least);
  }

  @Test
  void silenceIsNotAnOutage() {
    call(3);
    long before = estimator.targetBps();
    now += 8 * SECOND;
    estimator.onTimeout(now);
    assertEquals(before, estimator.targetBps());
  }

  @Test
  void anotherPathKeepsHalfAndIsMeasuredAnew() {
    estimator.onReceiverEstimate(2_000_000, now);
    call(1);
    probes();
    long before = estimator.targetBps();
    estimator.onNetworkChanged(now);
    assertEquals(before / 2.0, estimator.targetBps(), 1);
    assertEquals(List.of((long) (1.5 * before)), probes());
  }

  @Test
  void aLongMuteIsAnotherPath() {
    call(3);
    long before = estimator.targetBps();
    now += 11 * SECOND;
    estimator.onSent(1_000, now);
    assertEquals(Math.max(300_000, before / 2.0), estimator.targetBps(), 1);
    assertFalse(probes().isEmpty());
  }

  @Test
  void packetsFromTheFutureAndOfAbsurdSizeAreIgnored() {
    estimator.beginFeedback(now);
    estimator.onReceived(now + 1, 0, 1_000, Probe.NONE);
    estimator.onReceived(now, 0, 0, Probe.NONE);
    estimator.onReceived(now, 0, 1 << 20, -5);
    estimator.onLost(now + 1, 1_000);
    estimator.endFeedback();
    assertFalse(estimator.hasFeedback());
    assertEquals(0, estimator.loss());
  }
}
