package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.data.NotStoredException;
import org.plenum.signaling.protocol.Rule;

/// What of rooms outlives a restart.
class KeptRoomsTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static final RoomSpec SPEC =
      new RoomSpec(
          new RoomSettings(
              7, 8, 128, 20_000_000_000L, 20_000_000_000L, List.of(CodecName.AV1, CodecName.OPUS)),
          "for \"us\" ü\n",
          true);

  @TempDir private Path data;

  private SignalingFixture server;

  @Test
  void aRoomThatWasMadeIsOpenAgainAsItWas() {
    rooms(start()).make(BLUE, SPEC);
    OpenRoom again = rooms(restart()).find(BLUE);
    assertEquals(SPEC, again.spec());
    assertEquals(SPEC.metadata(), again.instance().metadata());
    assertFalse(again.isLocked());
    rooms(restart()).make(BLUE, SPEC); // nothing new
    assertEquals(1, server.rooms.size());
  }

  @Test
  void aLockHoldsAndSoDoesItsEnd() throws Exception {
    start().join();
    rooms(server).lock(rooms(server).find(BLUE), true);
    OpenRoom again = rooms(restart()).find(BLUE);
    assertTrue(again.isLocked());
    assertTrue(server.room().calls.contains("lock true"));
    assertFalse(again.spec().made());
    rooms(server).lock(again, false);
    assertNull(rooms(restart()).find(BLUE));
  }

  /// Who is not to learn the other's address does not after a restart either.
  @Test
  void whetherTwoMayTalkDirectlyHolds() throws Exception {
    start().join();
    rooms(server).allowDirect(rooms(server).find(BLUE), true);
    OpenRoom again = rooms(restart()).find(BLUE);
    assertTrue(again.settings().direct());
    rooms(server).allowDirect(again, false);
    assertNull(rooms(restart()).find(BLUE), "as usual");
  }

  @Test
  void rulesAndHostsHold() throws Exception {
    start().join();
    OpenRoom room = rooms(server).find(BLUE);
    server.signaling.rules(room, room.rules().with(Rule.CHAT, false));
    server.signaling.hosting().host(room, "grace", true);
    rooms(server).rule(room, changed -> changed.quieted(Set.of("identity bob")));
    OpenRoom again = rooms(restart()).find(BLUE);
    assertFalse(again.rules().allow(Rule.CHAT));
    assertTrue(again.rules().allow(Rule.SCREEN));
    assertEquals(Set.of("grace"), again.hosts());
    assertEquals(Set.of("identity bob"), again.quieted());
    server.signaling.hosting().host(again, "grace", false);
    assertTrue(rooms(restart()).find(BLUE).hosts().isEmpty());
  }

  @Test
  void aRoomThatWasMadeStaysWhenItIsUnlocked() {
    OpenRoom room = rooms(start()).make(BLUE, SPEC);
    rooms(server).lock(room, true);
    rooms(server).lock(room, false);
    assertFalse(rooms(restart()).find(BLUE).isLocked());
  }

  @Test
  void aRoomThatSomebodyJustEnteredIsNotKept() throws Exception {
    start().join();
    assertNull(rooms(restart()).find(BLUE));
  }

  @Test
  void aRoomThatClosedIsNotOpenedAgain() throws Exception {
    OpenRoom room = rooms(start()).make(BLUE, SPEC);
    room.handle().close();
    assertNull(rooms(restart()).find(BLUE));
  }

  @Test
  void aRoomThatSomebodyEnteredIsKeptOnceItIsMade() throws Exception {
    start().join();
    RoomSettings usual = rooms(server).usual().settings();
    OpenRoom entered = rooms(server).find(BLUE);
    assertSame(entered, rooms(server).make(BLUE, new RoomSpec(usual, "other", true)));
    assertFalse(entered.spec().made());
    var wish = new RoomSpec(usual.withUnusedNanos(usual.unusedNanos() + 1), "", true);
    assertSame(entered, rooms(server).make(BLUE, wish));
    assertEquals(wish, entered.spec());
    rooms(server).lock(entered, true);
    rooms(server).lock(entered, false);
    assertEquals(wish, rooms(restart()).find(BLUE).spec());
  }

  /// 64 code points are 256 bytes, more than a file's name may have, and a server in the locale C
  /// could name no such file at all.
  @Test
  void aRoomInAnyScriptHasAFileOfAscii() throws Exception {
    for (String name : List.of("𠀀".repeat(64), "会议室", "Größe")) {
      var id = new RoomId(name);
      rooms(start()).make(id, SPEC);
      try (Stream<Path> files = Files.list(data.resolve("rooms"))) {
        assertTrue(
            files.map(file -> file.getFileName().toString()).allMatch(f -> f.matches("~?[\\w.]+")));
      }
      assertEquals(SPEC, rooms(restart()).find(id).spec());
      rooms(server).close(rooms(server).find(id));
      assertNull(rooms(restart()).find(id));
    }
  }

  @Test
  void aRoomThatTheApiClosesIsForgottenFirst() throws Exception {
    OpenRoom room = rooms(start()).make(BLUE, SPEC);
    Path file = data.resolve("rooms/blue.json");
    assertTrue(Files.exists(file));
    rooms(server).close(room);
    assertFalse(Files.exists(file));
    assertTrue(room.handle().isClosed());
    rooms(server).make(BLUE, SPEC);
    assertTrue(Files.exists(file));
  }

  /// So what is on the disk is what was wished last, as in memory.
  @Test
  void aLockIsNotWrittenWhileAnotherIsNotDone() throws Exception {
    start().join();
    OpenRoom room = rooms(server).find(BLUE);
    Path file = data.resolve("rooms/blue.json");
    Thread unlocking = new Thread(() -> rooms(server).lock(room, false));
    Thread locking = new Thread(() -> rooms(server).lock(room, true));
    synchronized (server.room()) { // its worker does not get to it
      locking.start();
      while (!isBlocked(locking) || !Files.exists(file)) {
        Thread.onSpinWait();
      }
      unlocking.start();
      while (!isBlocked(unlocking)) {
        Thread.onSpinWait();
      }
      assertTrue(Files.exists(file));
    }
    locking.join();
    unlocking.join();
    assertFalse(Files.exists(file));
    assertFalse(room.isLocked());
    assertEquals("lock false", server.room().calls.getLast());
  }

  private static boolean isBlocked(Thread thread) {
    return thread.getState() == Thread.State.BLOCKED;
  }

  @Test
  void whatModeratorsMutedIsMutedAgain() throws Exception {
    Set<Silence> muted = Set.of(new Silence("identity ann", TrackSource.SCREEN_AUDIO));
    OpenRoom room = rooms(start()).open(BLUE, new RoomSpec(SPEC.settings()));
    server.room().silences = muted;
    var id = new ParticipantId("p1");
    assertThrows(
        RefusedException.class,
        () -> rooms(server).silence(room, handle -> handle.silence(id, Set.of())));
    assertNull(rooms(restart()).find(BLUE));

    start().join();
    OpenRoom entered = rooms(server).all().getFirst();
    server.room().silences = muted;
    ParticipantId here = server.room().joins.getFirst().id();
    rooms(server).silence(entered, handle -> handle.silence(here, Set.of(TrackSource.MICROPHONE)));
    OpenRoom again = rooms(restart()).find(entered.instance().id());
    assertFalse(again.spec().made());
    assertTrue(server.room().calls.contains("restore " + muted));
    rooms(server).lock(again, false); // it stays kept
    assertTrue(Files.exists(data.resolve("rooms/" + entered.instance().id() + ".json")));
  }

  /// A worker must not wait for a disk that somebody else waits for.
  @Test
  void whoSaysThatARoomClosedWaitsForNobody() throws Exception {
    try (KeptRooms kept = new KeptRooms(data)) {
      kept.keep(new KeptRooms.KeptRoom(BLUE, SPEC, false, Set.of()), "RM_1");
      kept.forgetLater(BLUE, "RM_0"); // an earlier life
      synchronized (kept) {
        Thread worker = Thread.ofPlatform().start(() -> kept.forgetLater(BLUE, "RM_1"));
        worker.join(Duration.ofSeconds(20));
        assertFalse(worker.isAlive());
        assertEquals(1, kept.read(false).size());
      }
    }
    assertEquals(List.of(), new KeptRooms(data).read(false));
  }

  @Test
  void whatTheDiskDoesNotTakeIsRefused() throws Exception {
    OpenRoom green = rooms(start()).make(new RoomId("green"), SPEC);
    Path files = data.resolve(KeptRooms.DIRECTORY);
    Files.move(files, data.resolve("away"));
    var notMade = assertThrows(NotStoredException.class, () -> rooms(server).make(BLUE, SPEC));
    assertEquals("the room was not made: the server's disk did not take it", notMade.getMessage());
    assertNull(rooms(server).find(BLUE));
    var notLocked = assertThrows(NotStoredException.class, () -> rooms(server).lock(green, true));
    assertTrue(notLocked.getMessage().startsWith("the room stays unlocked"));
    assertFalse(green.isLocked());
    var notClosed = assertThrows(NotStoredException.class, () -> rooms(server).close(green));
    assertTrue(notClosed.getMessage().startsWith("the room stays open"));
    assertFalse(green.handle().isClosed());
    assertEquals(3, server.signaling.counters().value(SignalingCounter.NOT_STORED));
    Files.move(data.resolve("away"), files);
    rooms(server).lock(green, true);
    assertTrue(rooms(restart()).find(new RoomId("green")).isLocked());
  }

  @Test
  void aFileThatIsDamagedIsLeftAlone() throws Exception {
    rooms(start()).make(BLUE, SPEC);
    Path damaged = data.resolve("rooms/red.json");
    Files.writeString(damaged, "{\"room\":\"red\"");
    assertEquals(1, rooms(restart()).all().size());
    assertTrue(Files.exists(damaged));
  }

  private static Rooms rooms(SignalingFixture server) {
    return server.signaling.rooms();
  }

  private SignalingFixture start() {
    server =
        new SignalingFixture(
            ServerConfig.forTests().with(new ServerConfig.Events(List.of(), data)),
            InstantSource.system());
    return server;
  }

  private SignalingFixture restart() {
    server.signaling.close();
    return start();
  }
}
