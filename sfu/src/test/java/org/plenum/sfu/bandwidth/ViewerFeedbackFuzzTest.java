package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.plenum.sfu.send.SentPackets;

/// Whatever a viewer reports, in either format, of packets sent or not, at whatever time, and
/// whatever it wants to be sent at the most: the estimate stays within its bounds.
@Tag("fuzz")
class ViewerFeedbackFuzzTest {
  private static final long LEAST_BPS = 40_000;
  private static final long MOST_BPS = 200_000_000;
  private static final long START_NANOS = Long.MAX_VALUE - 2_000_000_000L;
  private static final int MOST_STEPS = 64;

  private long now = START_NANOS;
  private final SentPackets<Object> sent = new SentPackets<>();
  private final BandwidthEstimator estimator =
      new BandwidthEstimator(300_000, LEAST_BPS, MOST_BPS, START_NANOS);
  private final TransportFeedback byTransport = new TransportFeedback(sent, estimator);
  private final StreamFeedback byStream =
      new StreamFeedback(sent, (ssrc, number) -> ssrc == 0 ? number : -1, estimator);
  private final Probe probe = new Probe();

  @FuzzTest(maxDuration = "10s")
  void theEstimateStaysWithinItsBounds(FuzzedDataProvider data) {
    var call = new ViewerFeedbackFuzzTest();
    for (int step = 0; step < MOST_STEPS && data.remainingBytes() > 0; step++) {
      call.step(data);
    }
  }

  private void step(FuzzedDataProvider data) {
    switch (data.consumeInt(0, 5)) {
      case 0 -> send(data.consumeInt(1, 40));
      case 1 -> {
        MemorySegment message = message(data);
        byTransport.onMessage(message, 0, (int) message.byteSize(), now);
      }
      case 2 -> {
        MemorySegment message = message(data);
        byStream.onMessage(message, 0, (int) message.byteSize(), now);
      }
      // As Downlink does: up to 2^63 can be said.
      case 3 ->
          estimator.onReceiverEstimate(
              Math.clamp(data.consumeLong(0, Long.MAX_VALUE), LEAST_BPS, MOST_BPS), now);
      case 4 -> estimator.onRoundTrip(data.consumeLong(0, 2_000_000_000L));
      default -> {
        now += data.consumeLong(0, 3_000_000_000L);
        estimator.onTimeout(now);
        estimator.takeProbe(probe, now);
      }
    }
    long target = estimator.targetBps();
    assertTrue(target >= LEAST_BPS && target <= MOST_BPS, target + " b/s");
    assertTrue(estimator.pacingBps() > 0, estimator.pacingBps() + " b/s");
    assertTrue(estimator.loss() >= 0 && estimator.loss() <= 1, estimator.loss() + " lost");
  }

  private void send(int packets) {
    for (int i = 0; i < packets; i++) {
      now += 1_000_000;
      estimator.onSent(1_200, now);
      sent.add(SentPackets.Kind.PADDING, 1_200, Probe.NONE, now);
    }
  }

  private static MemorySegment message(FuzzedDataProvider data) {
    return MemorySegment.ofArray(data.consumeBytes(data.consumeInt(0, 200)));
  }
}
