package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SlotBinding.PauseReason;

/// One layer, as of a screen: its key frame takes seconds on a narrow path, and what follows it
/// little. Whoever has a wide one pays nothing for that.
class LargeKeyFrameTest {
  private static final int QUEUE_MILLIS = 300;
  private static final int KEY_FRAME_BYTES = 150_000;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void itComesThoughItTakesSeconds(int seed) {
    try (var call = new SimulatedCall(seed)) {
      SimulatedPublisher publisher =
          call.publisher("p").inOneLayer(150_000, KEY_FRAME_BYTES).enter();
      SimulatedViewer wide = call.viewer("wide");
      wide.down.rate(10_000_000).queue(QUEUE_MILLIS);
      wide.enter(1);
      call.runUntil(3);
      SimulatedViewer narrow = call.viewer("narrow");
      narrow.down.rate(500_000).queue(QUEUE_MILLIS);
      narrow.enter(1);
      call.runUntil(30);
      double first = narrow.picture().firstShown(1080, 3) - 3;
      System.out.printf(
          "screen of %d kB on 500 kb/s: there after %.2f s, %d key frames, %.1f and %.1f frames/s%n",
          KEY_FRAME_BYTES / 1000,
          first,
          publisher.keyFrames(),
          narrow.picture().framesPerSecond(15, 30),
          wide.picture().framesPerSecond(5, 30));
      assertTrue(first <= 5, "there after " + first + " s");
      assertTrue(publisher.keyFrames() <= 5, publisher.keyFrames() + " key frames");
      // Of what was so large a short while ago fewer frames are taken at first.
      assertTrue(narrow.picture().framesPerSecond(15, 30) >= 17, "frames a second");
      assertTrue(narrow.picture().frozenSeconds(15, 30) <= 0.5, "seconds frozen");
      assertTrue(wide.picture().framesPerSecond(5, 30) >= 19, "frames a second of the other");
      // Each key frame takes it a moment too, of an estimate that never had to grow.
      assertTrue(wide.picture().frozenSeconds(5, 30) <= 0.5, "seconds frozen of the other");
    }
  }

  /// What never fits is not asked for again and again.
  @Test
  void whatDoesNotFitIsPausedAndCostsTheOthersNothing() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher =
          call.publisher("p").inOneLayer(1_500_000, KEY_FRAME_BYTES).enter();
      SimulatedViewer wide = call.viewer("wide");
      wide.down.rate(10_000_000).queue(QUEUE_MILLIS);
      wide.enter(1);
      SimulatedViewer narrow = call.viewer("narrow");
      narrow.down.rate(400_000).queue(QUEUE_MILLIS);
      narrow.enter(1);
      call.runUntil(60);
      System.out.printf("screen that does not fit: %d key frames%n", publisher.keyFrames());
      assertTrue(publisher.keyFrames() <= 12, publisher.keyFrames() + " key frames");
      assertTrue(
          narrow.events.stream()
              .anyMatch(
                  event ->
                      event instanceof RoomEvent.SlotBound(var binding)
                          && binding.paused() == PauseReason.BANDWIDTH),
          "is told");
      assertTrue(wide.picture().framesPerSecond(5, 60) >= 19, "frames a second of the other");
    }
  }
}
