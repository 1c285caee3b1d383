package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Each viewer gets the best picture that their own link carries, and nobody pays for another's.
class UnequalNetworksTest {
  @Test
  void lossOfOneInTwentyBothWaysFreezesNothing() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p");
      publisher.up.loss(0.05);
      publisher.down.loss(0.05);
      publisher.enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(10_000_000).loss(0.05);
      viewer.up.loss(0.05);
      viewer.enter(1);
      call.runUntil(5);
      var start = Measure.of(viewer);
      call.runUntil(35);
      var end = Measure.of(viewer);
      Measure.print("5 % loss", "30 s", start, end, viewer);
      assertSound(viewer);
      // A packet that was lost twice in a row may be a moment late.
      assertTrue(viewer.picture().longestGap(5, 35) <= 0.25, "longest gap");
      assertTrue(viewer.picture().framesPerSecond(5, 35) >= 19.5, "frames a second");
      assertTrue(end.againSince(start) <= 0.15, "sent again " + end.againSince(start));
    }
  }

  @Test
  void longRoundTripWithJitterFreezesNothing() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(10_000_000).delay(100).jitter(30);
      viewer.up.delay(100).jitter(30);
      viewer.enter(1);
      call.runUntil(5);
      var start = Measure.of(viewer);
      call.runUntil(35);
      Measure.print("200 ms + jitter", "30 s", start, Measure.of(viewer), viewer);
      assertSound(viewer);
      assertEquals(0, viewer.picture().frozenSeconds(5, 35), "seconds frozen");
      assertTrue(viewer.picture().framesPerSecond(5, 35) >= 19.5, "frames a second");
      assertEquals(720, viewer.picture().height());
    }
  }

  @Test
  void wideLinkShowsTheLargestPictureSoon() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      call.runUntil(3);
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(10_000_000);
      viewer.enter(1);
      var start = Measure.of(viewer);
      call.runUntil(13);
      Measure.print("clean 10 Mb/s", "10 s", start, Measure.of(viewer), viewer);
      assertSound(viewer);
      double top = viewer.picture().firstShown(720, 3) - 3;
      assertTrue(viewer.picture().firstFrameSeconds() - 3 <= 0.5, "first frame");
      assertEquals(720, viewer.picture().height());
      assertTrue(top <= 1.5, "top layer after " + top + " s");
    }
  }

  @Test
  void narrowLinkOfOneViewerChangesNothingForTheOthers() {
    List<String> alone = threeViewers(false);
    List<String> besides = threeViewers(true);
    assertEquals(alone, besides);
  }

  /// What three viewers with wide links saw, in words.
  private static List<String> threeViewers(boolean withNarrow) {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      List<SimulatedViewer> viewers =
          List.of(call.viewer("v1"), call.viewer("v2"), call.viewer("v3"));
      viewers.forEach(viewer -> viewer.down.rate(10_000_000));
      viewers.forEach(viewer -> viewer.enter(1));
      SimulatedViewer narrow = call.viewer("narrow");
      narrow.down.rate(300_000);
      if (withNarrow) {
        narrow.enter(1);
      }
      call.runUntil(2);
      var before = Measure.of(narrow);
      call.runUntil(22);
      if (withNarrow) {
        Measure.print("300 kb/s beside others", "20 s", before, Measure.of(narrow), narrow);
        assertSound(narrow);
        assertEquals(180, narrow.picture().height());
        assertEquals(0, narrow.picture().frozenSeconds(2, 22), "seconds frozen");
      }
      return viewers.stream()
          .map(SimulatedViewer::picture)
          .map(
              picture ->
                  "frozen %.1f s, %.1f frames a second, height %d"
                      .formatted(
                          picture.frozenSeconds(2, 22),
                          picture.framesPerSecond(2, 22),
                          picture.height()))
          .toList();
    }
  }

  @Test
  void twoViewersEachOnALinkOfTheirOwn() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").enter();
      List<SimulatedViewer> viewers = List.of(call.viewer("v1"), call.viewer("v2"));
      viewers.forEach(viewer -> viewer.down.rate(3_000_000));
      viewers.forEach(viewer -> viewer.enter(1));
      call.runUntil(5);
      var start = viewers.stream().map(Measure::of).toList();
      call.runUntil(25);
      for (int i = 0; i < viewers.size(); i++) {
        SimulatedViewer viewer = viewers.get(i);
        Measure.print("two on 3 Mb/s each", "20 s", start.get(i), Measure.of(viewer), viewer);
        assertSound(viewer);
        assertEquals(0, viewer.picture().frozenSeconds(5, 25), "seconds frozen");
        assertEquals(720, viewer.picture().height());
      }
    }
  }

  /// Nothing was shown that no encoder made, and nothing was sent again that was never sent.
  private static void assertSound(SimulatedViewer viewer) {
    assertEquals(0, viewer.corrupt(), "frames with a wrong reference");
    assertEquals(0, viewer.neverSent(), "sent again but never sent");
  }
}
