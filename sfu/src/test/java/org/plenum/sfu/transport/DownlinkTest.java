package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.bandwidth.Probe;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.send.SentPackets;

class DownlinkTest {
  private static final long LOW_BPS = 64_000;
  private static final long PACKET_NANOS = 20_000_000L;
  private static final int PACKET_BYTES = 160;

  private final Downlink downlink = new Downlink(new SentPackets<>(), new WorkerCounters(), 0);
  private long now;

  DownlinkTest() {
    downlink.numbered(true);
  }

  @Test
  void soundMayCountOnWhatNearlyAnyPathCarries() {
    downlink.estimator().onReceiverEstimate(LOW_BPS, now);
    assertEquals(LOW_BPS, downlink.targetBps());
    assertEquals(Downlink.START_BPS, downlink.soundTargetBps());
  }

  @Test
  void butNotAboveWhatTheViewerItselfAsksFor() {
    downlink.onReceiverEstimate(LOW_BPS, now);
    assertEquals(LOW_BPS, downlink.soundTargetBps());
  }

  /// Who says it once and no more is not held to it for the rest of the call.
  @Test
  void whatTheViewerAskedForLapses() {
    arrive(2_000_000_000L, 20_000_000L);
    downlink.onReceiverEstimate(0, now);
    assertEquals(40_000, downlink.targetBps(), "0 counts as next to nothing");
    long until = now + Downlink.CEILING_NANOS;
    while (now < until) {
      arrive(100_000_000L, 20_000_000L);
      assertTrue(downlink.targetBps() == 40_000 || now >= until, "at " + now);
      downlink.onTimeout(now);
    }
    assertTrue(downlink.targetBps() > LOW_BPS, downlink.targetBps() + " bit/s");
  }

  /// Of a viewer who reports nothing else nothing better is known.
  @Test
  void butNotWhereNothingElseIsKnown() {
    downlink.numbered(false);
    downlink.onReceiverEstimate(LOW_BPS, now);
    now += 2 * Downlink.CEILING_NANOS;
    downlink.onTimeout(now);
    assertEquals(LOW_BPS, downlink.targetBps());
  }

  @Test
  void norWhereAQueueStands() {
    arrive(2_000_000_000L, 20_000_000L);
    arrive(2_000_000_000L, 300_000_000L);
    assertTrue(downlink.estimator().queueingDelayNanos() > 100_000_000L);
    assertTrue(downlink.targetBps() < Downlink.START_BPS, "what a queue leaves of the estimate");
    assertEquals(downlink.targetBps(), downlink.soundTargetBps());
  }

  @Test
  void soundHasNoLimitWithoutAnEstimate() {
    downlink.numbered(false);
    assertEquals(Downlink.UNLIMITED, downlink.soundTargetBps());
  }

  /// Sound is sent for a while, and all of it comes in so late.
  private void arrive(long forNanos, long delayNanos) {
    for (long passed = 0; passed < forNanos; passed += 5 * PACKET_NANOS) {
      downlink.estimator().beginFeedback(now + delayNanos + 5 * PACKET_NANOS);
      for (int i = 0; i < 5; i++) {
        downlink.onSent(PACKET_BYTES, now);
        downlink.estimator().onReceived(now, now + delayNanos, PACKET_BYTES, Probe.NONE);
        now += PACKET_NANOS;
      }
      downlink.estimator().endFeedback();
    }
  }
}
