package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.RoomEvent;

/// A viewer behind a link on which somebody else downloads: it gets its share, and no picture
/// stands still, though larger layers are steps that its estimate must reach by itself.
class CompetingDownloadTest {
  private static final long LINK_BPS = 3_000_000;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void downloadWithoutEnd(int seed) {
    try (var call = new SimulatedCall(seed)) {
      call.publisher("p").switchesLayers().movesNowAndThen().enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(LINK_BPS).queue(300).delay(20);
      viewer.up.delay(20);
      var download = new Download(viewer, 10, Download.ENDLESS);
      viewer.enter(1);
      call.runUntil(10);
      assertEquals(720, viewer.picture().height());
      call.runUntil(20);
      var begun = Measure.of(viewer);
      call.runUntil(50);
      var end = Measure.of(viewer);
      double ours = end.bitrateSince(begun);
      double theirs = download.received(20, 50);
      Measure.print("beside a download", "30 s", begun, end, viewer);
      System.out.printf(
          Locale.ROOT, "beside a download: %.0f kb/s of %.0f%n", ours / 1e3, (ours + theirs) / 1e3);
      assertEquals(0, viewer.corrupt(), "frames with a wrong reference");
      assertTrue(viewer.picture().frozenSeconds(20, 50) <= 2, "seconds frozen");
      double share = ours / (ours + theirs);
      assertTrue(share >= 0.25 && share <= 0.75, "share " + share);
      // A queue of 300 ms, a round trip of 40 ms, and the request.
      int delay = playoutDelays(viewer).getLast();
      assertTrue(delay >= 300 && delay <= 450, "held back for " + delay + " ms");
    }
  }

  @Test
  void playsAtOnceAgainWhenTheDownloadIsOver() {
    try (var call = new SimulatedCall(0)) {
      call.publisher("p").switchesLayers().movesNowAndThen().enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(LINK_BPS).queue(300).delay(20);
      viewer.up.delay(20);
      new Download(viewer, 10, 4_000_000);
      viewer.enter(1);
      call.runUntil(9);
      assertEquals(List.of(), playoutDelays(viewer));
      call.runUntil(60);
      List<Integer> told = playoutDelays(viewer);
      assertTrue(told.size() >= 2 && told.size() <= 10, "told " + told);
      assertEquals(0, told.getLast());
      assertEquals(1, told.stream().filter(millis -> millis == 0).count());
    }
  }

  private static List<Integer> playoutDelays(SimulatedViewer viewer) {
    return viewer.events.stream()
        .filter(RoomEvent.PlayoutDelayWanted.class::isInstance)
        .map(event -> ((RoomEvent.PlayoutDelayWanted) event).millis())
        .toList();
  }
}
