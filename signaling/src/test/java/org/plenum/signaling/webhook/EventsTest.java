package org.plenum.signaling.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;
import org.plenum.signaling.session.OpenRoom.RoomInstance;

class EventsTest {
  private static final RoomId BLUE = new RoomId("blue");

  private static final ParticipantDetails SOMEBODY =
      new ParticipantDetails(
          new ParticipantId("p"),
          "P",
          false,
          null,
          null,
          Permissions.ALL,
          null,
          null,
          List.of(),
          0);

  /// Of whom no event can be made.
  private static final ParticipantDetails NOBODY =
      new ParticipantDetails(null, "", false, null, null, null, null, null, List.of(), 0);

  /// A room that is handed over is not over, and those who leave this node have not left it.
  @Test
  void whatAnotherNodeTellsIsNotToldHere() {
    var blue = new RoomInstance(BLUE, "RM_1", Instant.EPOCH, "");
    try (Journal journal = Journal.open(null)) {
      try (Events events = new Events(journal, InstantSource.system(), () -> {})) {
        RoomObserver observer = events.opened(blue, RoomSettings.DEFAULT);
        observer.onJoined(BLUE, SOMEBODY);
        var teller = Objects.requireNonNull(events.egress("RM_1"));
        events.givenAway(blue);
        observer.onLeft(BLUE, SOMEBODY, LeaveReason.CLOSED);
        observer.onClosed(BLUE);
        teller.accept("egress_ended", JsonNodeFactory.instance.objectNode());
      }
      assertEquals(
          List.of("room_started 1", "participant_joined 2", "egress_ended 3"), told(journal));
    }
  }

  /// Numbers go on at the next owner, past whatever the former one tells meanwhile.
  @Test
  void aRoomOfAnotherNodeGoesOnWithHigherNumbers() {
    var second = new RoomInstance(BLUE, "RM_1", Instant.EPOCH, "", 2);
    var third = new RoomInstance(BLUE, "RM_1", Instant.EPOCH, "", 3);
    try (Journal journal = Journal.open(null)) {
      try (Events events = new Events(journal, InstantSource.system(), () -> {})) {
        RoomObserver observer = events.opened(second, RoomSettings.DEFAULT);
        observer.onJoined(BLUE, SOMEBODY);
        events.abandoned(third, RoomSettings.DEFAULT);
      }
      assertEquals(
          List.of(
              "room_moved 4294967297", "participant_joined 4294967298", "room_finished 8589934593"),
          told(journal));
    }
  }

  /// The room came back while the former time of this node with it still ends.
  @Test
  void aRoomThatCameBackIsTold() {
    var first = new RoomInstance(BLUE, "RM_1", Instant.EPOCH, "");
    var third = new RoomInstance(BLUE, "RM_1", Instant.EPOCH, "", 3);
    try (Journal journal = Journal.open(null)) {
      try (Events events = new Events(journal, InstantSource.system(), () -> {})) {
        RoomObserver before = events.opened(first, RoomSettings.DEFAULT);
        events.givenAway(first);
        RoomObserver now = events.opened(third, RoomSettings.DEFAULT);
        before.onClosed(BLUE);
        now.onClosed(BLUE);
      }
      assertEquals(
          List.of("room_started 1", "room_moved 8589934593", "room_finished 8589934594"),
          told(journal));
    }
  }

  private static List<String> told(Journal journal) {
    return journal.after(0, 10).stream()
        .map(Event::body)
        .map(body -> body.path("event").asText() + " " + body.path("sequence").asLong())
        .toList();
  }

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
