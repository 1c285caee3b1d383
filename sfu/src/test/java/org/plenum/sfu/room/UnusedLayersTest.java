package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.room.RoomDriver.CAMERA_MID;
import static org.plenum.sfu.room.RoomDriver.SECOND;
import static org.plenum.sfu.room.RoomDriver.id;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;

/// What publishers are told of the layers that nobody needs.
class UnusedLayersTest {
  private static final List<Rid> RIDS = List.of(new Rid("q"), new Rid("h"), new Rid("f"));
  private static final RoomEvent.LayersWanted SMALLEST = wanted("q");
  private static final RoomEvent.LayersWanted WITH_LARGEST = wanted("q", "f");

  private final RoomDriver driver = new RoomDriver(RoomSettings.DEFAULT);

  private static RoomEvent.LayersWanted wanted(String... rids) {
    return new RoomEvent.LayersWanted(
        CAMERA_MID, List.of(rids).stream().map(Rid::new).toList(), Map.of());
  }

  /// Publishes a camera in three layers, whose heights nobody knows yet.
  private void publish(String name, boolean switchesLayers) {
    driver.join(
        new JoinRequest(
            id(name),
            name,
            false,
            null,
            null,
            null,
            Permissions.ALL,
            false,
            false,
            switchesLayers));
    driver.negotiate(name, 0, 0, TrackSource.CAMERA);
    Track track = driver.room.participant(id(name)).tracks().get(CAMERA_MID);
    track.rids(RIDS);
    for (int i = 0; i < RIDS.size(); i++) {
      var stream = new ReceiveStream(i + 1, 90_000);
      track.addLayer(new Layer(track, RIDS.get(i), stream, new PacketCache(64, 1), false));
    }
  }

  private List<RoomEvent.LayersWanted> told(String name) {
    return driver.events(name, RoomEvent.LayersWanted.class);
  }

  @Test
  void publisherIsToldWhatNobodyNeedsAndAtOnceWhatSomebodyDoes() {
    publish("alice", true);
    driver.join("bob");
    driver.receive("bob", 1, 1);
    driver.view("bob", new SeatView(0, id("alice"), false, 720));
    driver.pass(10 * SECOND);
    assertEquals(List.of(wanted("q", "f")), told("alice"), "the largest is shown");

    driver.view("bob");
    driver.pass(4 * SECOND);
    assertEquals(List.of(WITH_LARGEST), told("alice"));
    driver.pass(2 * SECOND);
    assertEquals(List.of(WITH_LARGEST, SMALLEST), told("alice"));

    driver.view("bob", new SeatView(0, id("alice"), false, 720));
    driver.pass(SECOND / 50);
    assertEquals(List.of(WITH_LARGEST, SMALLEST, WITH_LARGEST), told("alice"));
  }

  @Test
  void viewerThatLeavesNeedsNothing() {
    publish("alice", true);
    driver.join("bob");
    driver.receive("bob", 1, 1);
    driver.pass(10 * SECOND);
    driver.leave("bob");
    driver.pass(6 * SECOND);
    assertEquals(SMALLEST, told("alice").getLast());
  }

  @Test
  void whoDidNotSayThatItsClientCanIsToldNothing() {
    publish("alice", false);
    driver.pass(20 * SECOND);
    assertTrue(told("alice").isEmpty());
  }

  @Test
  void whoComesBackIsToldAgain() {
    publish("alice", true);
    driver.pass(6 * SECOND);
    assertEquals(List.of(SMALLEST), told("alice"));
    driver.snapshot("alice");
    driver.pass(SECOND / 10);
    assertEquals(List.of(SMALLEST, SMALLEST), told("alice"));
  }
}
