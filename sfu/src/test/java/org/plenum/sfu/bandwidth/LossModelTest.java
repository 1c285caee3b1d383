package org.plenum.sfu.bandwidth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LossModelTest {
  private static final double BPS = 1_000_000;
  private static final long STRETCH_NANOS = 250_000_000L;
  private static final int PACKET_BYTES = 1_200;

  private final LossObservations observations = new LossObservations();
  private final LossModel model = new LossModel(observations);

  @Test
  void withoutLossTheHighestCandidateIsTheLikeliest() {
    observe(0);
    assertTrue(observations.isLossless());
    weigh();
    assertEquals(1.5 * BPS, model.bestBps());
    assertEquals(0.001, model.bestNoise());
  }

  /// What is found at once without loss is what the steps find with next to none.
  @Test
  void soItIsWithNextToNone() {
    observe(1);
    assertFalse(observations.isLossless());
    weigh();
    assertEquals(1.5 * BPS, model.bestBps());
    assertEquals(0.001, model.bestNoise(), 0.001);
  }

  @Test
  void lossThatIsRevokedWasNone() {
    observe(1);
    observations.onLossRevoked(1);
    assertTrue(observations.isLossless());
  }

  /// Fifteen stretches, at the rate that was believed in.
  ///
  /// @param lostBytes in the last one
  private void observe(int lostBytes) {
    long sent = 0;
    for (int stretch = 0; stretch < 15; stretch++) {
      for (int i = 0; i < 27; i++) {
        observations.onReceived(sent, PACKET_BYTES);
        sent += STRETCH_NANOS / 25;
      }
      if (stretch == 14 && lostBytes > 0) {
        observations.onLost(sent, lostBytes);
      }
      assertTrue(observations.complete());
    }
  }

  private void weigh() {
    model.set(BPS, 0.01);
    model.begin(false);
    model.consider(1.02 * BPS);
    model.consider(1.5 * BPS);
    model.consider(0.95 * BPS);
  }
}
