package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.TrackSource.CAMERA;
import static org.plenum.sfu.TrackSource.MICROPHONE;
import static org.plenum.sfu.TrackSource.SCREEN;
import static org.plenum.sfu.room.RoomDriver.id;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.Silence;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;

class ModerationTest {
  private final RoomDriver driver = new RoomDriver(RoomSettings.DEFAULT);

  @Test
  void aModeratorsMuteEmptiesEverySlotUntilItIsLifted() {
    call();
    assertEquals(List.of("a0=alice", "v0=alice"), driver.bindings("bob"));
    TrackId microphone = track("alice", 0);
    ParticipantDetails details = silence("alice", microphone, true);
    assertTrue(details.tracks().getFirst().silenced());
    assertEquals(List.of("v0=alice"), driver.bindings("bob"));
    assertTrue(driver.events("bob", RoomEvent.TrackPublished.class).getLast().track().muted());
    assertEquals(
        List.of(new RoomEvent.Silenced(id("alice"), Set.of(MICROPHONE))),
        driver.events("alice", RoomEvent.Silenced.class));
    driver.mute("alice", MICROPHONE, true);
    driver.mute("alice", MICROPHONE, false);
    assertEquals(List.of("v0=alice"), driver.bindings("bob"));
    silence("alice", microphone, false);
    assertEquals(List.of("a0=alice", "v0=alice"), driver.bindings("bob"));
  }

  @Test
  void aModeratorsMuteOutlastsReloadsAndIsKnownToAll() {
    call();
    silence("alice", track("alice", 0), true);
    assertEquals(
        List.of(new RoomEvent.Silenced(id("alice"), Set.of(MICROPHONE))),
        driver.events("bob", RoomEvent.Silenced.class));

    RoomSnapshot own = driver.join(new JoinRequest(id("alice2"), "Alice", false, id("alice")));
    assertEquals(Set.of(MICROPHONE), own.silenced());
    driver.negotiate("alice2", 0, 0, MICROPHONE, CAMERA);
    assertEquals(List.of("v0=alice2"), driver.bindings("bob"));
    RoomSnapshot seen = driver.join("carol");
    assertEquals(Set.of(MICROPHONE), seen.participants().getLast().silenced());
    assertTrue(seen.participants().getLast().tracks().getFirst().muted());

    silence("alice2", Set.of());
    assertEquals(List.of("a0=alice2", "v0=alice2"), driver.bindings("bob"));
    driver.leave("alice2");
    assertEquals(Set.of(), driver.<Set<Silence>>ask(RoomCommand.Silences::new));
  }

  @Test
  void aModeratorsMuteIsOfThePersonWhoeverComesAs() {
    driver.join(identified("phone"));
    driver.join(identified("laptop"));
    driver.join("bob");
    driver.negotiate("bob", 2, 0);
    driver.negotiate("laptop", 0, 0, MICROPHONE);
    silence("phone", Set.of(MICROPHONE));
    assertEquals(List.of(), driver.bindings("bob"));
    driver.leave("phone");
    driver.leave("laptop");

    assertEquals(Set.of(MICROPHONE), driver.join(identified("tablet")).silenced());
    Set<Silence> kept = driver.ask(RoomCommand.Silences::new);
    assertEquals(Set.of(new Silence("identity alice", MICROPHONE)), kept);
    var restarted = new RoomDriver(RoomSettings.DEFAULT);
    restarted.room.handle(new RoomCommand.RestoreSilences(kept), 0);
    assertEquals(Set.of(MICROPHONE), restarted.join(identified("tablet")).silenced());
  }

  @Test
  void nobodyIsMutedByAnIdentityThatLooksLikeAParticipant() {
    driver.join("alice");
    silence("alice", Set.of(MICROPHONE));
    var other = new JoinRequest(id("eve"), "Eve", false, null, new Identity("participant alice"));
    assertEquals(Set.of(), driver.join(other).silenced());
  }

  @Test
  void aSilencedMicrophoneIsNoSpeakerAndGetsNoExtraSlot() {
    call();
    driver.join("carol");
    driver.negotiate("carol", 0, 1);
    driver.pass(RoomDriver.SECOND, java.util.Map.of("alice", 10));
    assertEquals(List.of("x0=alice"), driver.bindings("carol"));
    silence("alice", track("alice", 0), true);
    driver.pass(RoomDriver.SECOND, java.util.Map.of("alice", 10));
    assertEquals(List.of(), driver.bindings("carol"));
  }

  @Test
  void refusesToMuteWhatIsNotThere() {
    call();
    assertEquals(Reason.UNKNOWN_TRACK, refusal(() -> silence("alice", new TrackId("none"), true)));
    assertEquals(
        Reason.UNKNOWN_PARTICIPANT, refusal(() -> silence("eve", new TrackId("none"), true)));
  }

  @Test
  void aLockedRoomLetsInOnlyWhoMayEnterOrWasThere() {
    driver.join("alice");
    driver.room.handle(new RoomCommand.Lock(true), 0);
    assertEquals(Reason.ROOM_LOCKED, refusal(() -> driver.join("bob")));
    driver.join(new JoinRequest(id("alice2"), "Alice", false, id("alice")));
    assertEquals(
        Reason.ROOM_LOCKED,
        refusal(() -> driver.join(new JoinRequest(id("eve"), "Eve", false, id("nobody")))));
    driver.join(
        new JoinRequest(
            id("boss"), "Boss", false, null, new Identity("boss"), null, Permissions.ALL, true));
    driver.room.handle(new RoomCommand.Lock(false), 0);
    driver.join("bob");
  }

  @Test
  void whoMayNotPublishIsRefusedByName() {
    join("alice", new Permissions(Set.of(MICROPHONE), true));
    driver.negotiate("alice", 1, 0, MICROPHONE);
    assertEquals(
        Reason.FORBIDDEN, refusal(() -> driver.negotiate("alice", 1, 0, MICROPHONE, CAMERA)));
  }

  @Test
  void aPermissionTakenBackHidesWhatIsPublished() {
    call();
    permit("alice", new Permissions(Set.of(MICROPHONE), true));
    assertEquals(List.of("a0=alice"), driver.bindings("bob"));
    // A renegotiation that keeps the camera's section is not refused for it.
    driver.negotiate("alice", 1, 0, MICROPHONE, CAMERA);
    assertEquals(List.of("a0=alice"), driver.bindings("bob"));
    assertEquals(
        Reason.FORBIDDEN,
        refusal(() -> driver.negotiate("alice", 1, 0, MICROPHONE, CAMERA, SCREEN)));
    permit("alice", Permissions.ALL);
    assertEquals(List.of("a0=alice", "v0=alice"), driver.bindings("bob"));
  }

  @Test
  void whoMayNotSubscribeHasEmptySlots() {
    join("bob", new Permissions(Set.of(), false));
    driver.join("alice");
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA);
    driver.negotiate("bob", 1, 1);
    driver.pass(RoomDriver.SECOND, java.util.Map.of("alice", 10));
    assertEquals(List.of(), driver.bindings("bob"));
    permit("bob", Permissions.ALL);
    assertEquals(List.of("a0=alice", "v0=alice"), driver.bindings("bob"));
    permit("bob", new Permissions(Set.of(), false));
    assertEquals(List.of(), driver.bindings("bob"));
  }

  @Test
  void messagesReachOneOrAllButTheSender() {
    call();
    driver.join("carol");
    var everyone = new RoomEvent.MessageReceived(id("bob"), "chat", "hello");
    assertEquals(2, driver.<Integer>ask(result -> new RoomCommand.Send(everyone, null, result)));
    assertEquals(everyone, driver.events("alice").getLast());
    assertEquals(List.of(), driver.events("bob", RoomEvent.MessageReceived.class));
    var one = new RoomEvent.MessageReceived(null, "", "you", true);
    assertEquals(1, driver.<Integer>ask(result -> new RoomCommand.Send(one, id("bob"), result)));
    assertEquals(one, driver.events("bob").getLast());
    assertEquals(
        Reason.UNKNOWN_PARTICIPANT,
        refusal(() -> driver.<Integer>ask(result -> new RoomCommand.Send(one, id("eve"), result))));
  }

  @Test
  void theOperatorSeesEveryoneWithWhatIsKnown() {
    call();
    driver.join(
        new JoinRequest(
            id("eve"), "Eve", true, null, new Identity("e-1"), "data", Permissions.ALL, false));
    List<ParticipantDetails> all = driver.ask(RoomCommand.Participants::new);
    assertEquals(List.of("alice", "bob", "eve"), all.stream().map(p -> p.id().value()).toList());
    assertEquals(2, all.getFirst().tracks().size());
    assertEquals(2, all.get(1).slots());
    assertTrue(all.get(2).hidden());
    assertEquals("e-1", all.get(2).identity());
    assertEquals("data", all.get(2).metadata());
  }

  @Test
  void theObserverHearsOfEverythingInOrder() {
    driver.join("alice");
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA);
    driver.negotiate("alice", 0, 0, MICROPHONE);
    driver.join(new JoinRequest(id("eve"), "Eve", true, null));
    driver.leave("alice");
    driver.room.close();
    assertEquals(
        List.of(
            "joined alice",
            "published alice MICROPHONE",
            "published alice CAMERA",
            "unpublished alice CAMERA",
            "joined eve",
            "unpublished alice MICROPHONE",
            "left alice " + LeaveReason.LEFT,
            "left eve " + LeaveReason.CLOSED),
        driver.observed);
  }

  private void call() {
    driver.join("alice");
    driver.join("bob");
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA);
    driver.negotiate("bob", 1, 0);
  }

  private void join(String name, Permissions permissions) {
    driver.join(new JoinRequest(id(name), name, false, null, null, null, permissions, false));
  }

  private ParticipantDetails silence(String publisher, TrackId track, boolean silenced) {
    return driver.ask(
        result -> new RoomCommand.SilenceTrack(id(publisher), track, silenced, result));
  }

  private void silence(String publisher, Set<TrackSource> sources) {
    driver.<ParticipantDetails>ask(
        result -> new RoomCommand.SilenceSources(id(publisher), sources, result));
  }

  private static JoinRequest identified(String participant) {
    return new JoinRequest(id(participant), "Alice", false, null, new Identity("alice"));
  }

  private void permit(String participant, Permissions permissions) {
    driver.<ParticipantDetails>ask(
        result -> new RoomCommand.Permit(id(participant), permissions, result));
  }

  private TrackId track(String publisher, int index) {
    List<ParticipantDetails> all = driver.ask(RoomCommand.Participants::new);
    return all.stream()
        .filter(participant -> participant.id().equals(id(publisher)))
        .map(participant -> participant.tracks().get(index).info().track())
        .findFirst()
        .orElseThrow();
  }

  private static Reason refusal(Runnable request) {
    return assertThrows(RefusedException.class, request::run).reason();
  }
}
