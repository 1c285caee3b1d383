package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackSource;

/// One viewer of one publisher behind a bottleneck: the call goes on, and is whole again when the
/// bottleneck is gone. What was dropped on our side is never sent again.
class NarrowDownlinkTest {
  private static final int QUEUE_MILLIS = 300;
  private static final Rid MIDDLE = new Rid("h");

  /// Of what a second sent, RTX and what fills a probe.
  private static final double MOST_AGAIN = 0.35;

  /// In seconds, while the queue of the link is emptied and a smaller picture begins.
  private static final double MOST_GAP = 0.7;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void linkDropsToASixthAndComesBack(int seed) {
    try (var call = new SimulatedCall(seed)) {
      call.publisher("p").switchesLayers().enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(3_000_000).queue(QUEUE_MILLIS).rateAt(10, 500_000).rateAt(30, 3_000_000);
      viewer.enter(1);
      call.runUntil(10);
      assertEquals(720, viewer.picture().height());
      var before = Measure.of(viewer);
      call.runUntil(13);
      var adapting = Measure.of(viewer);
      call.runUntil(30);
      var narrow = Measure.of(viewer);
      call.runUntil(45);
      var after = Measure.of(viewer);
      Picture picture = viewer.picture();
      Measure.print("3000 to 500", "first 3 s", before, adapting, viewer);
      Measure.print("3000 to 500", "17 s", adapting, narrow, viewer);
      Measure.print("500 to 3000", "15 s", narrow, after, viewer);
      assertSound(viewer);
      assertTrue(narrow.offeredSince(adapting) <= 1.2, "sent more than the link carries");
      assertTrue(narrow.againSince(adapting) <= MOST_AGAIN, "sent again too much");
      assertTrue(picture.longestGap(10, 13) <= MOST_GAP, "longest gap");
      assertTrue(picture.frozenSeconds(10, 30) <= 1, "seconds frozen");
      assertEquals(0, picture.frozenSeconds(13, 30), "seconds frozen");
      assertTrue(picture.framesPerSecond(13, 30) >= 15, "frames a second");
      assertTrue(narrow.offeredSince(adapting) >= 0.8, "too little of the link is used");
      double back = picture.firstShown(720, 30) - 30;
      assertTrue(back <= 4, "720 lines after " + back + " s");
      assertEquals(720, picture.height());
      assertSaid(viewer);
    }
  }

  /// What it got and what it would have got, and in the end that both are the same.
  private static void assertSaid(SimulatedViewer viewer) {
    List<SlotBinding> said =
        viewer.events.stream()
            .filter(RoomEvent.SlotBound.class::isInstance)
            .map(event -> ((RoomEvent.SlotBound) event).binding())
            .filter(binding -> binding.source() == TrackSource.CAMERA)
            .toList();
    assertTrue(
        said.stream().anyMatch(each -> each.height() < 720 && each.wantedHeight() == 720),
        said.toString());
    assertEquals(720, said.getLast().height());
    assertEquals(720, said.getLast().wantedHeight());
  }

  /// As Chromium's fake camera does: a layer is not taken for what it needs while nothing moves.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void linkDropsWhileThePictureMovesNowAndThen(int seed) {
    try (var call = new SimulatedCall(seed)) {
      SimulatedPublisher publisher = call.publisher("p").switchesLayers().movesNowAndThen().enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(3_000_000).queue(QUEUE_MILLIS).rateAt(10, 500_000).rateAt(30, 3_000_000);
      viewer.enter(1);
      call.runUntil(13);
      var adapted = Measure.of(viewer);
      call.runUntil(30);
      var narrow = Measure.of(viewer);
      double longQueueMillis = viewer.down.longQueueMillisSince(12);
      call.runUntil(45);
      Picture picture = viewer.picture();
      Measure.print("moving, 3000 to 500", "17 s", adapted, narrow, viewer);
      System.out.printf(
          "moving: %.0f ms in all with a queue of more than 100 ms%n", longQueueMillis);
      assertSound(viewer);
      assertTrue(ceilings(publisher).stream().anyMatch(c -> c.containsKey(MIDDLE)), "not asked");
      assertTrue(narrow.offeredSince(adapted) >= 0.82, "too little of the link is used");
      assertTrue(longQueueMillis <= 500, "a queue of more than 100 ms for " + longQueueMillis);
      assertEquals(0, picture.frozenSeconds(13, 30), "seconds frozen");
      assertTrue(picture.framesPerSecond(13, 30) >= 19, "frames a second");
      assertTrue(picture.switches(13, 30) <= 3, "changes of the layer");
      double back = picture.firstShown(720, 30) - 30;
      assertTrue(back <= 4, "720 lines after " + back + " s");
    }
  }

  /// No layer fits 500 kb/s well: the publisher is asked to make the middle one smaller, until
  /// there is room for it.
  @Test
  void thePublisherIsAskedForALayerThatFits() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p").switchesLayers().enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(500_000).queue(QUEUE_MILLIS).rateAt(30, 3_000_000);
      viewer.enter(1);
      call.runUntil(30);
      assertEquals(360, viewer.picture().height());
      assertTrue(viewer.picture().framesPerSecond(20, 30) >= 19, "frames a second");
      assertTrue(ceilings(publisher).getLast().containsKey(MIDDLE), "not asked");
      call.runUntil(40);
      assertEquals(Map.of(), ceilings(publisher).getLast());
      assertSound(viewer);
    }
  }

  @Test
  void nobodysPictureIsMadeSmallerForAnother() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p").switchesLayers().enter();
      SimulatedViewer narrow = call.viewer("narrow");
      narrow.down.rate(500_000).queue(QUEUE_MILLIS);
      narrow.enter(1);
      SimulatedViewer wider = call.viewer("wider");
      wider.down.rate(800_000).queue(QUEUE_MILLIS);
      wider.enter(1);
      call.runUntil(8);
      int before = ceilings(publisher).size();
      call.runUntil(30);
      assertEquals(360, wider.picture().height());
      assertTrue(wider.picture().framesPerSecond(10, 30) >= 19, "frames a second");
      List<Map<Rid, Long>> later = ceilings(publisher);
      assertEquals(
          List.of(),
          later.subList(before, later.size()).stream()
              .filter(ceilings -> ceilings.containsKey(MIDDLE))
              .toList());
    }
  }

  private static List<Map<Rid, Long>> ceilings(SimulatedPublisher publisher) {
    return publisher.events.stream()
        .filter(RoomEvent.LayersWanted.class::isInstance)
        .map(event -> ((RoomEvent.LayersWanted) event).ceilings())
        .toList();
  }

  @Test
  void viewerJoinsOnANarrowLink() {
    try (var call = new SimulatedCall()) {
      call.publisher("p").switchesLayers().enter();
      call.runUntil(2);
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(1_000_000).queue(QUEUE_MILLIS);
      viewer.enter(1);
      call.runUntil(5);
      var begun = Measure.of(viewer);
      call.runUntil(25);
      var end = Measure.of(viewer);
      Picture picture = viewer.picture();
      Measure.print("join on 1000", "20 s", begun, end, viewer);
      assertSound(viewer);
      assertTrue(end.offeredSince(begun) <= 1.2, "sent more than the link carries");
      assertTrue(end.againSince(begun) <= MOST_AGAIN, "sent again too much");
      assertTrue(picture.firstFrameSeconds() - 2 <= 0.5, "first frame");
      assertTrue(picture.frozenSeconds(5, 25) <= 1, "seconds frozen");
      assertEquals(360, picture.height());
    }
  }

  private static void assertSound(SimulatedViewer viewer) {
    assertEquals(0, viewer.corrupt(), "frames with a wrong reference");
    assertEquals(0, viewer.neverSent(), "sent again but never sent");
  }
}
