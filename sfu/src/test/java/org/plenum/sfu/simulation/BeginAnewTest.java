package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.room.RoomCommand;

/// Pictures begin where there was nothing but sound, as after a direct call, or where somebody
/// turns their camera on: of the path the estimate knows no more than what sound needs.
class BeginAnewTest {
  private static final double FROM_SECONDS = 8;

  @Test
  void pictureDoesNotWaitForAnEstimateThatKnowsSoundOnly() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher publisher = call.publisher("p").enter();
      SimulatedViewer viewer = call.viewer("v");
      viewer.down.rate(20_000_000);
      viewer.enter(1);
      view(call, viewer, publisher, 0);
      call.runUntil(FROM_SECONDS);
      int before = viewer.picture().frames();
      view(call, viewer, publisher, 180);
      while (viewer.picture().frames() == before) {
        call.runUntil(call.seconds() + 0.001);
        double passed = call.seconds() - FROM_SECONDS;
        assertTrue(passed <= 0.15, "nothing is shown after " + passed + " s");
      }
    }
  }

  private static void view(
      SimulatedCall call, SimulatedViewer viewer, SimulatedPublisher publisher, int height) {
    var seat = new SeatView(0, publisher.id, false, height);
    call.room.handle(new RoomCommand.View(viewer.id, List.of(seat)), call.now());
  }
}
