package org.plenum.sfu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.embed.Sfu;

/// Faults of our own, brought about by a listener that throws.
class WorkerFaultTest {
  private static Sfu sfu;

  @BeforeAll
  static void start() {
    sfu = Sfu.start(new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO));
  }

  @AfterAll
  static void stop() {
    sfu.close();
  }

  @Test
  void aFaultInOneRoomClosesThatRoomOnly() throws Exception {
    var closed = new CountDownLatch(1);
    RoomHandle broken =
        sfu.openRoom(new RoomId("broken"), RoomSettings.DEFAULT, _ -> closed.countDown());
    RoomHandle sound = sfu.openRoom(new RoomId("sound"), RoomSettings.DEFAULT, _ -> {});
    join(sound, "alice", _ -> {});
    long failed = sfu.counters().value(SfuCounter.ROOMS_FAILED);
    join(
        broken,
        "bob",
        event -> {
          throw new IllegalStateException("made up for this test: " + event);
        });
    // Bob is told of Carol, and throws; he throws again when he is told of the end.
    assertThrows(ExecutionException.class, () -> join(broken, "carol", _ -> {}));

    assertTrue(closed.await(10, TimeUnit.SECONDS), "the room has ended");
    assertTrue(broken.isClosed());
    assertEquals(failed + 1, sfu.counters().value(SfuCounter.ROOMS_FAILED));
    assertEquals(1, sfu.counters().value(Gauge.ROOMS));
    assertEquals(1, sfu.counters().value(Gauge.PARTICIPANTS));
    assertFalse(sound.isClosed());
    join(sound, "dave", _ -> {});
    var refusal = assertThrows(ExecutionException.class, () -> join(broken, "eve", _ -> {}));
    assertEquals(
        RefusedException.Reason.ROOM_CLOSED, ((RefusedException) refusal.getCause()).reason());
    sound.close();
  }

  @Test
  void anSfuClosesAllRoomsThoughAListenerThrows() throws Exception {
    Sfu other =
        Sfu.start(new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO));
    RoomHandle first = other.openRoom(new RoomId("first"), RoomSettings.DEFAULT, _ -> {});
    RoomHandle second = other.openRoom(new RoomId("second"), RoomSettings.DEFAULT, _ -> {});
    var told = new CountDownLatch(1);
    join(
        first,
        "bob",
        _ -> {
          throw new IllegalStateException("made up for this test");
        });
    join(second, "carol", _ -> told.countDown());
    other.close();
    assertTrue(first.isClosed() && second.isClosed());
    assertEquals(0, told.getCount());
    other.close();
  }

  @Test
  void leavingTwiceOrFromAClosedRoomIsNoFault() throws Exception {
    RoomHandle room = sfu.openRoom(new RoomId("twice"), RoomSettings.DEFAULT, _ -> {});
    long failed = sfu.counters().value(SfuCounter.ROOMS_FAILED);
    join(room, "alice", _ -> {});
    var alice = new ParticipantId("alice");
    room.leave(alice, LeaveReason.LEFT);
    room.leave(alice, LeaveReason.LEFT);
    room.close();
    room.leave(alice, LeaveReason.LEFT);
    room.close();
    assertThrows(ExecutionException.class, () -> join(room, "bob", _ -> {}));
    assertTrue(room.isClosed());
    assertEquals(failed, sfu.counters().value(SfuCounter.ROOMS_FAILED));
  }

  private static void join(RoomHandle room, String name, RoomListener listener) throws Exception {
    room.join(new JoinRequest(new ParticipantId(name), name, false, null), listener)
        .get(10, TimeUnit.SECONDS);
  }
}
