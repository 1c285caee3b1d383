package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.SfuCounter;

/// Repair packets (flexfec-03): only where they pay, and what they restore is what was sent.
class RepairPacketsTest {
  private static final double LOSS = 0.05;
  private static final int LONG_MILLIS = 100;

  private static SimulatedViewer viewer(SimulatedCall call, String name, double loss, int millis) {
    SimulatedViewer viewer = call.viewer(name);
    viewer.down.rate(10_000_000).loss(loss).delay(millis);
    viewer.up.delay(millis);
    return viewer;
  }

  private static void assertSound(SimulatedViewer viewer) {
    assertEquals(0, viewer.corrupt(), "frames with a wrong reference");
    assertEquals(0, viewer.neverSent(), "restored or sent again but never sent");
  }

  @Test
  void onALongPathThatLosesPacketsTheyRestoreThem() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer plain = viewer(call, "plain", LOSS, LONG_MILLIS).enter(1);
      SimulatedViewer repaired = viewer(call, "repaired", LOSS, LONG_MILLIS);
      repaired.takesRepairs().enter(1);
      call.runUntil(10);
      var plainStart = Measure.of(plain);
      var start = Measure.of(repaired);
      call.runUntil(40);
      Measure.print("200 ms, 5 % loss", "by RTX", plainStart, Measure.of(plain), plain);
      Measure.print("200 ms, 5 % loss", "by FEC", start, Measure.of(repaired), repaired);
      RepairedStream stream = repaired.repaired(0);
      System.out.printf(
          "%d repair packets restored %d packets; late by RTX %.1f %% of frames, by FEC %.1f %%%n",
          stream.repairs(),
          stream.restorations(),
          100 * plain.picture().lateShare(),
          100 * repaired.picture().lateShare());
      assertSound(plain);
      assertSound(repaired);
      assertTrue(stream.repairs() > 300, stream.repairs() + " repair packets");
      assertTrue(stream.restorations() > 100, stream.restorations() + " restored");
      assertTrue(repaired.picture().lateShare() < 0.6 * plain.picture().lateShare(), "late frames");
      // The buffer that adapts has become short; two of a group are lost now and then.
      assertTrue(repaired.picture().longestGap(10, 40) <= 0.5, "longest gap");
      assertTrue(repaired.picture().framesPerSecond(10, 40) >= 19.5, "frames a second");
    }
  }

  @Test
  void onAShortPathAskingAgainIsCheaper() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = viewer(call, "v", LOSS, 10).takesRepairs().enter(1);
      call.runUntil(20);
      assertEquals(0, viewer.repaired(0).repairs());
      assertEquals(0, call.counters.value(SfuCounter.REPAIRS_SENT));
      assertSound(viewer);
    }
  }

  @Test
  void whereNothingIsLostNothingIsRepaired() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = viewer(call, "v", 0, LONG_MILLIS).takesRepairs().enter(1);
      call.runUntil(20);
      assertEquals(0, call.counters.value(SfuCounter.REPAIRS_SENT));
      assertSound(viewer);
    }
  }

  @Test
  void theyStopWhenThePathLosesNothingMore() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = viewer(call, "v", LOSS, LONG_MILLIS).takesRepairs().enter(1);
      call.runUntil(20);
      assertTrue(viewer.repaired(0).repairs() > 100);
      viewer.down.loss(0);
      call.runUntil(50);
      int before = viewer.repaired(0).repairs();
      call.runUntil(60);
      assertEquals(before, viewer.repaired(0).repairs());
    }
  }

  @Test
  void theyTakeTheirPlaceWithinTheEstimate() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = viewer(call, "v", LOSS, LONG_MILLIS);
      viewer.down.rate(900_000);
      viewer.takesRepairs().enter(1);
      call.runUntil(15);
      var start = Measure.of(viewer);
      call.runUntil(45);
      var end = Measure.of(viewer);
      Measure.print("900 kb/s, 200 ms, 5 % loss", "30 s", start, end, viewer);
      System.out.printf("%d repair packets%n", viewer.repaired(0).repairs());
      assertSound(viewer);
      assertTrue(end.bitrateSince(start) <= 900_000);
      assertEquals(0, end.dropped() - start.dropped(), "dropped by the queue");
    }
  }
}
