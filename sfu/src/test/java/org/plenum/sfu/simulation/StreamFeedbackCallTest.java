package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.transport.MediaSender;

/// A viewer that reports by RFC 8888 is served as one that reports by transport-cc.
class StreamFeedbackCallTest {
  private record Seen(List<Long> targets, int height, double frozen, int heightWhileNarrow) {}

  /// 3 Mb/s, then 600 kb/s for fifteen seconds, then 3 Mb/s again.
  private static Seen call(boolean byStream) {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(3_000_000).rateAt(15, 600_000).rateAt(30, 3_000_000);
      if (byStream) {
        viewer.enterWithStreamFeedback(1);
      } else {
        viewer.enter(1);
      }
      List<Long> targets = new ArrayList<>();
      int narrow = 0;
      for (int seconds = 6; seconds <= 45; seconds++) {
        call.runUntil(seconds);
        targets.add(viewer.transport().sender().targetBps());
        narrow = seconds == 28 ? viewer.picture().height() : narrow;
      }
      assertEquals(0, viewer.corrupt(), "frames with a wrong reference");
      assertEquals(0, viewer.neverSent(), "sent again but never sent");
      assertEquals(0, call.counters.value(SfuCounter.FEEDBACK_IGNORED));
      assertEquals(0, call.counters.value(SfuCounter.FEEDBACK_UNMATCHED));
      return new Seen(
          targets, viewer.picture().height(), viewer.picture().frozenSeconds(5, 45), narrow);
    }
  }

  /// The largest picture and sound.
  private static final double WANTED_BPS = 2_000_000;

  private static double mean(List<Long> targets, int fromSecond, int untilSecond) {
    return targets.subList(fromSecond - 6, untilSecond - 6).stream()
        .mapToLong(Long::longValue)
        .average()
        .orElseThrow();
  }

  @Test
  void theEstimateIsThatOfTransportWideFeedback() {
    Seen transportWide = call(false);
    Seen byStream = call(true);
    assertEquals(transportWide.height(), byStream.height());
    assertEquals(transportWide.heightWhileNarrow(), byStream.heightWhileNarrow());
    assertTrue(byStream.frozen() <= transportWide.frozen() + 0.5, byStream.frozen() + " s frozen");
    int[][] spans = {{8, 15}, {20, 30}, {38, 45}};
    for (int[] span : spans) {
      double one = mean(transportWide.targets(), span[0], span[1]);
      double other = mean(byStream.targets(), span[0], span[1]);
      System.out.printf(
          "estimate from %d to %d s: %.0f kb/s by transport-cc, %.0f by RFC 8888%n",
          span[0], span[1], one / 1e3, other / 1e3);
      // How far it is above what is wanted, nobody finds out on purpose.
      double needed = Math.min(one, WANTED_BPS);
      assertEquals(needed, Math.min(other, WANTED_BPS), 0.2 * needed, "from " + span[0] + " s on");
    }
  }

  @Test
  void whoPromisesReportsAndSendsNoneIsNotHeldBack() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.sendsFeedback(false);
      viewer.enterWithStreamFeedback(1);
      call.runUntil(10);
      assertEquals(MediaSender.UNLIMITED, viewer.transport().sender().targetBps());
      assertEquals(720, viewer.picture().height());
    }
  }

  @Test
  void whatWasNotNegotiatedIsCountedAndIgnored() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v").enter(1);
      call.runUntil(2);
      long before = viewer.transport().sender().targetBps();
      viewer.streamFeedback = true;
      viewer.sendsFeedback(true);
      call.runUntil(2.2);
      assertTrue(call.counters.value(SfuCounter.FEEDBACK_IGNORED) >= 3);
      assertTrue(viewer.transport().sender().targetBps() >= before / 2);
    }
  }
}
