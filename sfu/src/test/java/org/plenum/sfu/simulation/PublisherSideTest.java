package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.SfuHistogram;
import org.plenum.sfu.counters.Histogram;
import org.plenum.sfu.room.RoomCommand;

/// What a publisher is asked for and told.
class PublisherSideTest {
  private static final long PAUSE_NANOS = 300 * SimulatedCall.MILLI;

  /// Three hundred viewers on three layers, each of whom loses the picture again and again: for
  /// each layer there is one request at a time.
  @Test
  void threeHundredViewersAskForOneKeyFrame() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p").enter();
      List<SimulatedViewer> viewers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        SimulatedViewer viewer = call.viewer("v" + i).enter(1);
        var view = new SeatView(0, publisher.id, false, 180 << (i % 3));
        call.room.handle(new RoomCommand.View(viewer.id, List.of(view)), call.now());
        viewers.add(viewer);
      }
      var random = new Random(4);
      for (double seconds = 0.1; seconds < 3; seconds += 0.02) {
        call.runUntil(seconds);
        for (int i = 0; i < 40; i++) {
          SimulatedViewer viewer = viewers.get(random.nextInt(viewers.size()));
          viewer.beginRtcp().pictureLossIndication(viewer.ownSsrc, viewer.video(0).ssrc);
          viewer.sendRtcp();
        }
      }
      Map<Integer, Long> latest = new HashMap<>();
      for (SimulatedPublisher.Asked asked : publisher.asked()) {
        Long before = latest.put(asked.ssrc(), asked.nanos());
        assertTrue(
            before == null || asked.nanos() - before >= PAUSE_NANOS,
            () -> "after " + (asked.nanos() - before) / SimulatedCall.MILLI + " ms");
      }
      assertEquals(3, latest.size(), "layers");
      long received = call.counters.value(SfuCounter.KEY_FRAME_REQUESTS_RECEIVED);
      long sent = call.counters.value(SfuCounter.KEY_FRAME_REQUESTS_SENT);
      assertTrue(received > 4_000, received + " from viewers");
      assertTrue(sent >= 9 && sent <= 3 * 11, sent + " to the publisher");
    }
  }

  /// A tenth is lost on the way up, and all of that is repaired: viewers hardly see it, the
  /// publisher and the operator are told.
  @Test
  void aBadUplinkIsSeenThoughItIsRepaired() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p");
      publisher.up.loss(0.1);
      publisher.enter();
      SimulatedViewer viewer = call.viewer("v").enter(1);
      call.runUntil(10);
      assertTrue(publisher.reportedLoss() >= 15, publisher.reportedLoss() + "/256");
      Histogram losses = call.counters.histogram(SfuHistogram.PUBLISHER_LOSS);
      double mean = losses.sum() / 1e6 / Arrays.stream(losses.counts()).sum();
      assertEquals(0.1, mean, 0.03, "mean of what was reported");
      assertTrue(viewer.picture().framesPerSecond(2, 10) > 19, "and repaired");
    }
  }
}
