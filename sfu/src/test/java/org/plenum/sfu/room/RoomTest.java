package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.TrackSource.CAMERA;
import static org.plenum.sfu.TrackSource.MICROPHONE;
import static org.plenum.sfu.TrackSource.SCREEN;
import static org.plenum.sfu.room.RoomDriver.SECOND;
import static org.plenum.sfu.room.RoomDriver.id;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.TransportState;

class RoomTest {
  private static final RoomSettings SMALL =
      new RoomSettings(3, 2, 6, 60 * SECOND, 10 * SECOND, RoomSettings.DEFAULT.codecs());
  private final RoomDriver driver = new RoomDriver(RoomSettings.DEFAULT);

  /// Whatever was done: a closed room has given everything back.
  @AfterEach
  void givesEverythingBack() {
    driver.room.close();
    driver.room.close();
    assertEquals(List.of(driver.room), driver.closed);
    assertTrue(driver.gauges().values().stream().allMatch(value -> value == 0));
  }

  @Test
  void aRoomThatNobodyJoinsClosesAfterTenSeconds() {
    driver.pass(9 * SECOND);
    assertFalse(driver.room.isClosed());
    driver.pass(SECOND);
    assertTrue(driver.room.isClosed());
  }

  @Test
  void anEmptyRoomClosesAfterAMinute() {
    driver.join("alice");
    driver.pass(100 * SECOND);
    assertFalse(driver.room.isClosed());
    driver.leave("alice");
    driver.pass(59 * SECOND);
    assertFalse(driver.room.isClosed());
    driver.pass(SECOND);
    assertTrue(driver.room.isClosed());
  }

  @Test
  void anEmptyRoomThatIsKeptOpenClosesAMinuteAfterItIsNot() {
    driver.command(new RoomCommand.KeepOpen(true));
    driver.join("alice");
    driver.leave("alice");
    driver.pass(1000 * SECOND);
    assertFalse(driver.room.isClosed());
    driver.command(new RoomCommand.KeepOpen(false));
    driver.pass(59 * SECOND);
    assertFalse(driver.room.isClosed());
    driver.pass(SECOND);
    assertTrue(driver.room.isClosed());
  }

  @Test
  void aJoinInTimeKeepsTheRoomOpen() {
    driver.join("alice");
    driver.leave("alice");
    driver.pass(59 * SECOND);
    driver.join("bob");
    driver.pass(100 * SECOND);
    assertFalse(driver.room.isClosed());
  }

  @Test
  void aParticipantWithoutMediaFor30SecondsIsRemoved() {
    driver.join("alice");
    driver.join("bob");
    driver.negotiate("alice", 0, 0, CAMERA);
    driver.pass(29 * SECOND);
    assertEquals(List.of(), driver.events("bob", RoomEvent.ParticipantLeft.class));
    driver.pass(2 * SECOND);
    assertEquals(
        List.of(new RoomEvent.ParticipantLeft(id("alice"), LeaveReason.MEDIA_LOST)),
        driver.events("bob", RoomEvent.ParticipantLeft.class));
    assertEquals(
        List.of(
            new RoomEvent.TransportStateChanged(TransportState.CLOSED),
            new RoomEvent.Removed(LeaveReason.MEDIA_LOST)),
        driver.events("alice").subList(1, 3));
  }

  @Test
  void seatsAreFilledInOrderOfJoiningAndWhoSitsStays() {
    driver.join("viewer");
    driver.negotiate("viewer", 2, 0);
    for (String name : List.of("alice", "bob", "carol")) {
      driver.join(name);
      driver.negotiate(name, 0, 0, MICROPHONE, CAMERA);
    }
    assertEquals(List.of("a0=alice", "a1=bob", "v0=alice", "v1=bob"), bound("viewer"));
    driver.leave("alice");
    assertEquals(List.of("a0=carol", "a1=bob", "v0=carol", "v1=bob"), bound("viewer"));
    driver.leave("bob");
    assertEquals(List.of("a0=carol", "v0=carol"), bound("viewer"));
  }

  @Test
  void aSeatWhoseParticipantLeftIsToldToBeEmpty() {
    driver.join("viewer");
    driver.negotiate("viewer", 1, 0);
    driver.join("alice");
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA);
    driver.leave("alice");
    List<RoomEvent.SlotBound> told = driver.events("viewer", RoomEvent.SlotBound.class);
    assertEquals(4, told.size());
    assertTrue(
        told.subList(2, 4).stream()
            .allMatch(e -> e.binding().participant() == null && e.binding().generation() == 2));
  }

  @Test
  void aTrackThatIsNoLongerOfferedIsTakenOffTheSlots() {
    driver.join("viewer");
    driver.negotiate("viewer", 2, 0);
    driver.join("alice");
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA, SCREEN);
    assertEquals(List.of("a0=alice", "v0=alice", "v1=alice"), bound("viewer"));
    driver.negotiate("alice", 0, 0, MICROPHONE, CAMERA);
    assertEquals(List.of("a0=alice", "v0=alice"), bound("viewer"));
    assertEquals(1, driver.events("viewer", RoomEvent.TrackUnpublished.class).size());
  }

  @Test
  void aViewDecidesWhoSitsWhere() {
    driver.join("viewer");
    driver.negotiate("viewer", 2, 0);
    for (String name : List.of("alice", "bob")) {
      driver.join(name);
      driver.negotiate(name, 0, 0, MICROPHONE, CAMERA, SCREEN);
    }
    driver.view(
        "viewer",
        new SeatView(0, id("bob"), true, 720),
        new SeatView(1, id("bob"), false, 0),
        new SeatView(9, id("alice"), false, 360));
    assertEquals(List.of("a1=bob", "v0=bob"), bound("viewer"));
    driver.view("viewer", new SeatView(1, id("alice"), false, 180));
    assertEquals(List.of("a1=alice", "v1=alice"), bound("viewer"));
    driver.view("viewer", new SeatView(0, id("viewer"), false, 1), seat(1, "nobody"));
    assertEquals(List.of(), bound("viewer"));
  }

  @Test
  void aViewOfSomebodyWhoComesLaterIsFollowed() {
    driver.join("viewer");
    driver.negotiate("viewer", 1, 0);
    driver.view("viewer", seat(0, "alice"));
    driver.join("bob");
    driver.negotiate("bob", 0, 0, CAMERA);
    assertEquals(List.of(), bound("viewer"));
    driver.join("alice");
    driver.negotiate("alice", 0, 0, CAMERA);
    assertEquals(List.of("v0=alice"), bound("viewer"));
  }

  @Test
  void extraAudioSlotsCarryTheLoudestWhoHaveNoSeat() {
    driver.join("viewer");
    driver.negotiate("viewer", 1, 2, MICROPHONE);
    for (String name : List.of("alice", "bob", "carol", "dave")) {
      driver.join(name);
      driver.negotiate(name, 0, 0, MICROPHONE);
    }
    driver.pass(2 * SECOND, Map.of("viewer", 1, "alice", 10, "bob", 60, "carol", 20, "dave", 40));
    assertEquals(3, bound("viewer").size());
    assertEquals("a0=alice", bound("viewer").getFirst());
    assertTrue(carried("viewer", "carol") && carried("viewer", "dave"));
    driver.pass(2 * SECOND, Map.of("bob", 10, "carol", 20, "dave", 90));
    assertTrue(carried("viewer", "bob") && carried("viewer", "carol"));
    driver.leave("carol");
    assertFalse(carried("viewer", "carol"), "not even until the next sample");
    assertTrue(carried("viewer", "bob") && carried("viewer", "dave"));
  }

  @Test
  void theDominantSpeakerIsToldFirstAndOnlyOnChange() {
    for (String name : List.of("alice", "bob", "carol")) {
      driver.join(name);
      driver.negotiate(name, 0, 0, MICROPHONE);
    }
    driver.pass(2 * SECOND, Map.of("bob", 15));
    driver.pass(2 * SECOND, Map.of("alice", 40, "bob", 15, "carol", 100));
    var both = new RoomEvent.SpeakersChanged(List.of(id("bob"), id("alice")));
    assertEquals(both, driver.events("carol", RoomEvent.SpeakersChanged.class).getLast());
    int told = driver.events("carol", RoomEvent.SpeakersChanged.class).size();
    driver.pass(2 * SECOND, Map.of("alice", 40, "bob", 15, "carol", 100));
    assertEquals(told, driver.events("carol", RoomEvent.SpeakersChanged.class).size());
    driver.mute("bob", MICROPHONE, true);
    driver.pass(3 * SECOND, Map.of("alice", 40, "bob", 15));
    assertEquals(
        new RoomEvent.SpeakersChanged(List.of(id("alice"))),
        driver.events("carol", RoomEvent.SpeakersChanged.class).getLast());
    driver.pass(5 * SECOND);
    assertEquals(
        new RoomEvent.SpeakersChanged(List.of()),
        driver.events("carol", RoomEvent.SpeakersChanged.class).getLast());
  }

  @Test
  void hiddenParticipantsAreCountedAndNotShown() {
    driver.join("alice");
    RoomSnapshot seen = driver.join(new JoinRequest(id("eve"), "Eve", true, null));
    assertEquals(List.of(id("alice")), seen.participants().stream().map(p -> p.id()).toList());
    assertEquals(List.of(), driver.events("alice"));
    assertEquals(1, driver.snapshot("alice").hiddenCount());
    assertEquals(List.of(), driver.snapshot("alice").participants());
    driver.leave("eve");
    assertEquals(List.of(), driver.events("alice"));
    assertEquals(0, driver.snapshot("alice").hiddenCount());
  }

  @Test
  void aCountOfHiddenViewersIsToldOnceForMany() {
    driver.join("alice");
    for (String name : List.of("eve", "mallory", "trudy")) {
      driver.join(new JoinRequest(id(name), name, true, null));
    }
    assertEquals(List.of(), driver.events("alice"));
    driver.pass(SECOND / 4);
    assertEquals(List.of(new RoomEvent.HiddenChanged(3)), driver.events("alice"));
    assertEquals(List.of(new RoomEvent.HiddenChanged(2)), driver.events("eve"), "the others only");
    driver.leave("eve");
    driver.join(new JoinRequest(id("eve2"), "Eve", true, null));
    driver.pass(SECOND);
    assertEquals(1, driver.events("alice").size(), "as many as before");
    driver.leave("eve2");
    driver.leave("trudy");
    driver.pass(SECOND);
    assertEquals(new RoomEvent.HiddenChanged(1), driver.events("alice").getLast());
    assertEquals(2, driver.events("alice").size());
  }

  @Test
  void restartingIceGivesNewCredentialsAndKeepsTheSlots() {
    driver.join("alice");
    TransportAnswer before = driver.negotiate("alice", 2, 1, MICROPHONE, CAMERA);
    IceCredentials next = IceCredentials.random();
    TransportAnswer after = driver.restartIce("alice", next);
    assertNotEquals(before.ice(), after.ice());
    assertEquals(before.slots(), after.slots());
    assertEquals(before.fingerprint(), after.fingerprint());
    assertEquals(2, driver.room.participant(id("alice")).tracks().size());
    assertEquals(after.ice(), driver.restartIce("alice", next).ice(), "in force already");
  }

  @Test
  void iceIsNotRestartedWhereThereIsNone() {
    IceCredentials next = IceCredentials.random();
    assertEquals(Reason.UNKNOWN_PARTICIPANT, refusal(() -> driver.restartIce("alice", next)));
    driver.join("alice");
    assertEquals(Reason.INVALID_OFFER, refusal(() -> driver.restartIce("alice", next)));
  }

  @Test
  void aReloadReplacesTheFormerSession() {
    driver.join("bob");
    driver.join("alice");
    RoomSnapshot seen = driver.join(new JoinRequest(id("alice2"), "Alice", false, id("alice")));
    assertEquals(List.of(id("bob")), seen.participants().stream().map(p -> p.id()).toList());
    assertEquals(new RoomEvent.Removed(LeaveReason.REPLACED), driver.events("alice").getLast());
    List<RoomEvent> told = driver.events("bob");
    assertEquals(new RoomEvent.ParticipantLeft(id("alice"), LeaveReason.REPLACED), told.get(1));
    assertTrue(
        told.get(2) instanceof RoomEvent.ParticipantJoined(var who)
            && who.id().equals(id("alice2")));
  }

  @Test
  void aReplacementFitsIntoAFullRoom() {
    var small = new RoomDriver(SMALL);
    small.join("alice");
    small.join("bob");
    small.join("carol");
    assertEquals(Reason.ROOM_FULL, refusal(() -> small.join("dave")));
    small.join(new JoinRequest(id("carol2"), "Carol", false, id("carol")));
    assertEquals(Reason.ROOM_FULL, refusal(() -> small.join("dave")));
    small.leave("alice");
    small.join("dave");
  }

  @Test
  void anIdIsInTheRoomOnce() {
    driver.join("alice");
    assertEquals(Reason.DUPLICATE_PARTICIPANT, refusal(() -> driver.join("alice")));
    driver.leave("alice");
    driver.join("alice");
  }

  @Test
  void strangersAreRefused() {
    assertEquals(Reason.UNKNOWN_PARTICIPANT, refusal(() -> driver.snapshot("alice")));
    assertEquals(Reason.UNKNOWN_PARTICIPANT, refusal(() -> driver.negotiate("alice", 1, 0)));
    driver.view("alice", seat(0, "bob"));
    driver.mute("alice", CAMERA, true);
    driver.leave("alice");
  }

  @Test
  void offersBeyondTheLimitsAreRefusedAndChangeNothing() {
    var small = new RoomDriver(SMALL);
    small.join("alice");
    small.negotiate("alice", 1, 0, MICROPHONE, CAMERA);
    Map<?, ?> before = small.gauges();
    assertEquals(
        Reason.INVALID_OFFER,
        refusal(() -> small.negotiate("alice", 1, 0, MICROPHONE, CAMERA, SCREEN)));
    assertEquals(Reason.INVALID_OFFER, refusal(() -> small.negotiate("alice", 3, 1)));
    assertEquals(before, small.gauges());
  }

  @Test
  void contradictoryOffersAreRefused() {
    driver.join("alice");
    TransportOffer good = driver.offer("alice", 1, 1, CAMERA);
    driver.negotiate("alice", good);
    var twice =
        new TransportOffer(
            good.ice(),
            good.fingerprints(),
            good.extensions(),
            good.tracks(),
            List.of(RoomDriver.slot("a0", MediaKind.AUDIO), RoomDriver.slot("a0", MediaKind.AUDIO)),
            List.of());
    assertEquals(Reason.INVALID_OFFER, refusal(() -> driver.negotiate("alice", twice)));
    var otherKind =
        new TransportOffer(
            good.ice(),
            good.fingerprints(),
            good.extensions(),
            good.tracks(),
            List.of(RoomDriver.slot("x0", MediaKind.VIDEO)),
            List.of());
    assertEquals(Reason.INVALID_OFFER, refusal(() -> driver.negotiate("alice", otherKind)));
    var noSlots =
        new TransportOffer(
            good.ice(),
            good.fingerprints(),
            good.extensions(),
            good.tracks(),
            List.of(),
            good.seats());
    assertEquals(Reason.INVALID_OFFER, refusal(() -> driver.negotiate("alice", noSlots)));
    var otherCertificate =
        new TransportOffer(
            good.ice(), List.of(), good.extensions(), good.tracks(), good.slots(), good.seats());
    assertEquals(Reason.INVALID_OFFER, refusal(() -> driver.negotiate("alice", otherCertificate)));
  }

  @Test
  void slotsKeepTheirSsrcsAcrossOffers() {
    driver.join("alice");
    var first = driver.negotiate("alice", 2, 0);
    var grown = driver.negotiate("alice", 3, 1, CAMERA);
    first.slots().forEach((mid, ssrcs) -> assertEquals(ssrcs, grown.slots().get(mid)));
    assertEquals(7, grown.slots().size());
  }

  @Test
  void muteIsToldOnceToEveryoneElse() {
    driver.join("alice");
    driver.join("bob");
    driver.negotiate("alice", 0, 0, CAMERA);
    driver.mute("alice", CAMERA, true);
    driver.mute("alice", CAMERA, true);
    List<RoomEvent.TrackPublished> told = driver.events("bob", RoomEvent.TrackPublished.class);
    assertEquals(List.of(false, true), told.stream().map(e -> e.track().muted()).toList());
    assertEquals(List.of(), driver.events("alice", RoomEvent.TrackPublished.class));
  }

  @Test
  void aClosedRoomRefusesAndHasToldEveryone() {
    driver.join("alice");
    driver.negotiate("alice", 1, 0, CAMERA);
    driver.room.close();
    assertEquals(new RoomEvent.Removed(LeaveReason.CLOSED), driver.events("alice").getLast());
    assertEquals(Reason.ROOM_CLOSED, refusal(() -> driver.join("bob")));
  }

  @Test
  void everyListenerThatThrowsAtTheEndIsHeardOf() {
    for (String name : List.of("alice", "bob", "carol")) {
      driver.join(
          new JoinRequest(id(name), name, false, null),
          event -> {
            if (event instanceof RoomEvent.Removed) {
              throw new IllegalStateException(name);
            }
          });
    }
    var fault = assertThrows(IllegalStateException.class, driver.room::close);
    assertEquals("alice", fault.getMessage());
    assertEquals(
        List.of("bob", "carol"),
        Arrays.stream(fault.getSuppressed()).map(Throwable::getMessage).toList());
  }

  @Test
  void whoLeavesWhileOthersThrowIsToldAllTheSame() {
    driver.join(
        new JoinRequest(id("alice"), "alice", false, null), RoomTest::throwWhenSomebodyLeft);
    driver.join("bob");
    assertThrows(IllegalStateException.class, () -> driver.leave("bob"));
    assertEquals(new RoomEvent.Removed(LeaveReason.LEFT), driver.events("bob").getLast());
    assertTrue(driver.observed.contains("left bob LEFT"));
  }

  private static void throwWhenSomebodyLeft(RoomEvent event) {
    if (event instanceof RoomEvent.ParticipantLeft) {
      throw new IllegalStateException("made up for this test");
    }
  }

  /// The bindings as they are, after checking that the viewer was told just these.
  private List<String> bound(String viewer) {
    assertEquals(driver.bindings(viewer), driver.toldBindings(viewer));
    return driver.bindings(viewer);
  }

  private boolean carried(String viewer, String publisher) {
    return bound(viewer).stream().anyMatch(binding -> binding.endsWith("=" + publisher));
  }

  private static SeatView seat(int seat, String participant) {
    return new SeatView(seat, id(participant), false, 360);
  }

  private static Reason refusal(Runnable request) {
    return assertThrows(RefusedException.class, request::run).reason();
  }
}
