package org.plenum.sfu.room;

import org.plenum.sfu.MediaKind;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.transport.MediaSender;
import org.plenum.sfu.transport.Transport;

/// How long one viewer is asked to hold back what it receives: where somebody else keeps the queue
/// of its path full, what is lost comes so late when it is sent again that the picture would stand
/// still meanwhile. Grows only, until the path is its own again. Worker's thread only.
final class PlayoutDelay {
  /// Steps are so large, for a change of the delay can be seen and heard.
  private static final int STEP_MILLIS = 50;

  /// People who talk to each other do not bear more.
  private static final int MOST_MILLIS = 500;

  private int toldMillis;
  private boolean everTold;

  /// Tells the viewer if it should be another one than it knows.
  void review(Participant viewer) {
    Transport transport = viewer.transport();
    if (transport == null) {
      return;
    }
    int millis = of(transport.sender());
    if (millis == 0 ? toldMillis > 0 : millis > toldMillis) {
      toldMillis = millis;
      everTold = true;
      repeat(viewer);
      lag(viewer, transport.sender().foreignQueueNanos());
    }
  }

  /// Pictures that go on with another layer do so later by what they wait: a moment that is seen
  /// anyhow.
  private static void lag(Participant viewer, long nanos) {
    for (Slot slot : viewer.slots().values()) {
      if (slot.kind() == MediaKind.VIDEO) {
        slot.numbers().lag(nanos);
      }
    }
  }

  private static int of(MediaSender sender) {
    long millis = sender.repairDelayNanos() / 1_000_000;
    long steps = (millis + STEP_MILLIS - 1) / STEP_MILLIS;
    return (int) Math.min(steps * STEP_MILLIS, MOST_MILLIS);
  }

  /// For a client that may have missed it.
  void repeat(Participant viewer) {
    if (everTold) {
      viewer.tell(new RoomEvent.PlayoutDelayWanted(toldMillis));
    }
  }
}
