package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSettings;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.data.NotStoredException;

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
    assertEquals(2, server.signaling.counters().value(SignalingCounter.NOT_STORED));
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
