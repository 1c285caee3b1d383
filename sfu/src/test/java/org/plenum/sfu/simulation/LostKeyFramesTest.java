package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A viewer of several publishers: no picture is missing for good, whatever became of its first key
/// frames.
class LostKeyFramesTest {
  private static final int PUBLISHERS = 5;

  /// As in a browser that takes media only once it has applied the answer, which a busy machine
  /// does late; and what is asked of publishers gets lost, too.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everyPictureBeginsThoughItsFirstKeyFramesWereLost(int seed) {
    try (var call = new SimulatedCall(seed)) {
      for (int i = 0; i < PUBLISHERS; i++) {
        SimulatedPublisher publisher = call.publisher("p" + i);
        publisher.down.loss(0.4);
        publisher.up.loss(0.1);
        publisher.enter();
      }
      call.runUntil(1);
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(20_000_000).loss(1);
      viewer.enter(PUBLISHERS);
      call.runUntil(4);
      viewer.down.loss(0.02);
      call.runUntil(12);
      for (int i = 0; i < PUBLISHERS; i++) {
        double first = viewer.picture(i).firstFrameSeconds();
        assertTrue(first <= 7, "seat " + i + " shows the first frame at " + first);
        double rate = viewer.picture(i).framesPerSecond(8, 12);
        assertTrue(rate >= 4, "seat " + i + " shows " + rate + " frames a second");
      }
      // Of a picture that its publisher's network lost, nobody knows the layer: a gap of ids
      // remains.
      assertEquals(0, viewer.wrongReferences(), "frames with a wrong reference");
    }
  }
}
