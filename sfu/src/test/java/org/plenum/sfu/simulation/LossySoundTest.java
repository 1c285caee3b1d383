package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.SfuCounter;

/// What is heard where packets get lost, with redundant audio (RFC 2198) and without.
class LossySoundTest {
  private static final double LOSS = 0.05;

  /// At 50 a second, of seconds 10 to 40: before that, nothing is known of the loss.
  private static final int FROM = 500;

  private static final int TO = 2_000;
  private static final double SECONDS = 41;

  private static SimulatedViewer lossyViewer(SimulatedCall call, String name) {
    SimulatedViewer viewer = call.viewer(name);
    viewer.down.rate(10_000_000).loss(LOSS);
    viewer.up.loss(LOSS);
    return viewer;
  }

  private static double concealed(SimulatedViewer viewer) {
    double concealed = viewer.sound(0).speech.concealed(0, FROM, TO);
    System.out.printf(
        "%s: %.2f %% of the sound concealed, %d of %d packets repeat others%n",
        viewer.id,
        100 * concealed,
        viewer.sound(0).speech.redundant(),
        viewer.sound(0).speech.packets());
    return concealed;
  }

  @Test
  void viewersWhoTakeItGetRedundancyMadeForThem() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer plain = lossyViewer(call, "plain").enter(1);
      SimulatedViewer red = lossyViewer(call, "red").takesRed().enter(1);
      call.runUntil(SECONDS);
      assertTrue(concealed(plain) >= 0.03);
      assertTrue(concealed(red) <= 0.01);
      assertTrue(red.sound(0).speech.redundant() > 1_000);
      assertTrue(call.counters.value(SfuCounter.SOUND_REPEATED) > 1_000);
    }
  }

  @Test
  void whereNothingIsLostNothingIsRepeated() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").repeats(1).enter();
      SimulatedViewer viewer = call.viewer("v").takesRed();
      viewer.down.rate(10_000_000);
      viewer.enter(1);
      call.runUntil(20);
      assertEquals(0, viewer.sound(0).speech.concealed(0, FROM, 900));
      assertEquals(0, viewer.sound(0).speech.redundant());
    }
  }

  @Test
  void lossOnTheWayFromThePublisherIsMendedForAllViewers() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p").repeats(2);
      publisher.up.loss(LOSS);
      publisher.enter();
      SimulatedViewer plain = call.viewer("plain").enter(1);
      SimulatedViewer red = call.viewer("red").takesRed().enter(1);
      call.runUntil(SECONDS);
      assertTrue(concealed(plain) <= 0.002);
      assertTrue(concealed(red) <= 0.002);
      assertEquals(0, red.sound(0).speech.redundant(), "its own path loses nothing");
      assertTrue(call.counters.value(SfuCounter.SOUND_RECOVERED) > 50);
    }
  }

  @Test
  void lossOnBothWaysIsMendedOnBoth() {
    double sum = 0;
    int seeds = 6;
    for (int seed = 0; seed < seeds; seed++) {
      try (var call = new SimulatedCall(seed)) {
        SimulatedPublisher publisher = call.publisher("p").repeats(1);
        publisher.up.loss(LOSS);
        publisher.enter();
        SimulatedViewer red = lossyViewer(call, "red").takesRed().enter(1);
        call.runUntil(SECONDS);
        sum += concealed(red);
      }
    }
    assertTrue(sum / seeds <= 0.01, sum / seeds + " of the sound concealed");
  }

  @Test
  void whereThereIsNoFeedbackReportsTellTheLoss() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = lossyViewer(call, "v").takesRed();
      viewer.enter(1, SimulatedPeer.WITHOUT_TRANSPORT_CC);
      call.runUntil(SECONDS);
      assertTrue(concealed(viewer) <= 0.01);
      assertTrue(viewer.sound(0).speech.redundant() > 1_000);
    }
  }

  @Test
  void lossOfOneInTwentyBothWaysCostsAtMostFifteenInAHundred() {
    long clean = bytes(0);
    long lossy = bytes(LOSS);
    System.out.printf("%.3f times the bytes of a path without loss%n", (double) lossy / clean);
    assertTrue(lossy <= 1.15 * clean, lossy + " instead of " + clean + " bytes");
  }

  /// Of 30 s with everything that mends loss, in which nothing freezes.
  private static long bytes(double loss) {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p").repeats(1);
      publisher.up.loss(loss);
      publisher.down.loss(loss);
      publisher.enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(10_000_000).loss(loss);
      viewer.up.loss(loss);
      viewer.takesRed().takesRepairs().enter(1);
      call.runUntil(10);
      var start = Measure.of(viewer);
      call.runUntil(SECONDS);
      var end = Measure.of(viewer);
      Measure.print("loss " + loss, "30 s", start, end, viewer);
      assertEquals(720, viewer.picture().height());
      assertEquals(0, viewer.picture().frozenSeconds(10, SECONDS), "seconds frozen");
      assertTrue(concealed(viewer) <= 0.012);
      return end.mediaBytes() - start.mediaBytes();
    }
  }

  /// RED takes its bytes from what there is for all, and adds to no queue.
  @Test
  void soundThatIsRepeatedStaysWithinTheEstimate() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v").takesRed();
      viewer.down.rate(400_000).loss(LOSS);
      viewer.enter(1);
      call.runUntil(10);
      var start = Measure.of(viewer);
      call.runUntil(SECONDS);
      var end = Measure.of(viewer);
      Measure.print("400 kb/s with 5 % loss", "30 s", start, end, viewer);
      assertTrue(concealed(viewer) <= 0.012);
      assertTrue(end.bitrateSince(start) <= 400_000);
      assertEquals(0, end.dropped() - start.dropped(), "dropped by the queue");
    }
  }
}
