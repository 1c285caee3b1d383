package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.sfu.room.RoomDriver.id;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;

class RenameTest {
  private final RoomDriver driver = new RoomDriver(RoomSettings.DEFAULT);

  @Test
  void everyoneIsToldOnceAndWhoComesLaterKnows() {
    driver.join("alice");
    driver.join("bob");
    driver.rename("alice", "Augusta");
    driver.rename("alice", "Augusta");
    var renamed = List.of(new RoomEvent.Renamed(id("alice"), "Augusta"));
    assertEquals(renamed, driver.events("alice", RoomEvent.Renamed.class));
    assertEquals(renamed, driver.events("bob", RoomEvent.Renamed.class));
    assertEquals("Augusta", driver.join("carol").participants().getFirst().name());
  }

  @Test
  void nobodyIsToldOfWhoIsHiddenOrGone() {
    driver.join("bob");
    driver.join(new JoinRequest(id("eve"), "Eve", true, null));
    driver.rename("eve", "Evelyn");
    driver.rename("nobody", "Somebody");
    assertEquals(List.of(), driver.events("bob", RoomEvent.Renamed.class));
    assertEquals(1, driver.events("eve", RoomEvent.Renamed.class).size());
  }
}
