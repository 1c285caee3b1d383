package org.plenum.signaling.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.signaling.session.OpenRoom.RoomInstance;

class EventsTest {
  private static final RoomId BLUE = new RoomId("blue");

  /// Of whom no event can be made.
  private static final ParticipantDetails NOBODY =
      new ParticipantDetails(null, "", false, null, null, null, null, null, List.of(), 0);

  /// The last of a burst makes the burst known.
  @Test
  void anEventThatCannotBeToldCostsNoneBeforeIt() throws Exception {
    var first = new CountDownLatch(1);
    var burst = new CountDownLatch(1);
    try (Journal journal = Journal.open(null)) {
      Runnable onAppended =
          () -> {
            first.countDown();
            try {
              burst.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          };
      try (Events events = new Events(journal, InstantSource.system(), onAppended)) {
        var room = new RoomInstance(BLUE, "RM_1", Instant.EPOCH, "");
        RoomObserver observer = events.opened(room, RoomSettings.DEFAULT);
        first.await();
        observer.onClosed(BLUE);
        observer.onJoined(BLUE, NOBODY);
        burst.countDown();
      }
      assertEquals(2, journal.newest());
    }
  }
}
