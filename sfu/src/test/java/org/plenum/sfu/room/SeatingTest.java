package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.sfu.TrackSource.CAMERA;
import static org.plenum.sfu.TrackSource.MICROPHONE;
import static org.plenum.sfu.TrackSource.SCREEN;
import static org.plenum.sfu.TrackSource.SCREEN_AUDIO;
import static org.plenum.sfu.room.RoomDriver.SECOND;
import static org.plenum.sfu.room.RoomDriver.id;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;

/// How seats are filled that nobody chose: those of WHEP viewers.
class SeatingTest {
  private final RoomDriver driver = new RoomDriver(RoomSettings.DEFAULT);

  @Test
  void onePictureAndOneSoundCarryTheFirstPublisherAlone() {
    view(1, 1);
    publish("alice", MICROPHONE, CAMERA);
    publish("bob", MICROPHONE, CAMERA);
    assertBound("a0=alice", "v0=alice");
    driver.leave("alice");
    assertBound("a0=bob", "v0=bob");
  }

  @Test
  void aSeatWaitsForWhoeverComesLater() {
    publish("alice", MICROPHONE, CAMERA);
    view(2, 2);
    assertBound("a0=alice", "v0=alice");
    publish("bob", MICROPHONE, CAMERA);
    assertBound("a0=alice", "a1=bob", "v0=alice", "v1=bob");
  }

  @Test
  void aScreenShareTakesTheNextSeat() {
    view(2, 2);
    publish("alice", MICROPHONE, CAMERA);
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA, SCREEN, SCREEN_AUDIO);
    assertBound("a0=alice", "a1=alice", "v0=alice", "v1=alice");
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA);
    assertBound("a0=alice", "v0=alice");
  }

  @Test
  void aSeatWithoutSoundIsNotTakenBySomebodyWithoutAPicture() {
    view(0, 1);
    publish("alice", MICROPHONE);
    assertBound();
    publish("bob", MICROPHONE, CAMERA);
    assertBound("v0=bob");
  }

  @Test
  void aSeatWithoutAPictureIsNotTakenBySomebodyWithoutSound() {
    view(1, 0);
    publish("alice", CAMERA);
    publish("bob", MICROPHONE, CAMERA);
    assertBound("a0=bob");
  }

  @Test
  void somebodyWithSoundOnlyLeavesTheWholeSeatToOthers() {
    view(2, 1);
    publish("alice", MICROPHONE);
    publish("bob", MICROPHONE, CAMERA);
    assertBound("a0=bob", "a1=alice", "v0=bob");
  }

  @Test
  void somebodyWhoStartsTheirCameraMovesToASeatThatHasAPicture() {
    view(2, 1);
    publish("alice", MICROPHONE);
    assertBound("a1=alice");
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA);
    assertBound("a0=alice", "v0=alice");
    publish("bob", MICROPHONE);
    assertBound("a0=alice", "a1=bob", "v0=alice");
  }

  @Test
  void whoSitsStaysEvenIfAnEarlierOneWouldFitBetter() {
    view(1, 1);
    publish("alice", MICROPHONE);
    publish("bob", MICROPHONE, CAMERA);
    assertBound("a0=alice");
    driver.negotiate("bob", 0, 0, CAMERA);
    assertBound("a0=alice");
  }

  @Test
  void somebodyWhoseTracksEndGivesTheSeatBack() {
    view(0, 1);
    publish("alice", MICROPHONE, CAMERA);
    publish("bob", MICROPHONE, CAMERA);
    driver.negotiate("alice", 0, 0, MICROPHONE);
    assertBound("v0=bob");
  }

  @Test
  void nobodyIsSentTheirOwnTracks() {
    join("ada-in", "ada");
    driver.negotiate("ada-in", 0, 0, MICROPHONE, CAMERA);
    join("viewer", "ada");
    driver.receive("viewer", 1, 1);
    assertBound();
    join("bob", "bob");
    driver.negotiate("bob", 0, 0, MICROPHONE, CAMERA);
    assertBound("a0=bob", "v0=bob");
    driver.view("viewer", new SeatView(0, id("ada-in"), false, 720));
    assertBound();
  }

  @Test
  void whoAsksForEverybodyIsSentTheirOwnTracksToo() {
    join("ada-in", "ada");
    driver.negotiate("ada-in", 0, 0, MICROPHONE, CAMERA);
    driver.join(
        new JoinRequest(
            id("viewer"),
            "WHEP",
            true,
            null,
            new Identity("ada"),
            null,
            Permissions.ALL,
            false,
            true));
    driver.receive("viewer", 1, 1);
    assertBound("a0=ada-in", "v0=ada-in");
  }

  @Test
  void extraSoundIsNeverOnesOwn() {
    join("ada-in", "ada");
    driver.negotiate("ada-in", 0, 0, MICROPHONE);
    join("viewer", "ada");
    driver.negotiate("viewer", 0, 2);
    publish("bob", MICROPHONE);
    driver.pass(SECOND, Map.of("ada-in", 1, "bob", 60));
    assertBound("x0=bob");
  }

  @Test
  void thoseWithoutAnIdentityAreDifferentPeople() {
    view(1, 1);
    publish("alice", MICROPHONE, CAMERA);
    assertBound("a0=alice", "v0=alice");
  }

  private void view(int audio, int video) {
    driver.join(new JoinRequest(id("viewer"), "WHEP", true, null));
    driver.receive("viewer", audio, video);
  }

  private void publish(String name, TrackSource... sources) {
    driver.join(name);
    driver.negotiate(name, 0, 0, sources);
  }

  private void join(String name, String identity) {
    driver.join(new JoinRequest(id(name), name, false, null, new Identity(identity)));
  }

  private void assertBound(String... bindings) {
    assertEquals(List.of(bindings), driver.bindings("viewer"));
    assertEquals(List.of(bindings), driver.toldBindings("viewer"));
  }
}
