package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.TrackSource.CAMERA;
import static org.plenum.sfu.TrackSource.MICROPHONE;
import static org.plenum.sfu.TrackSource.SCREEN;
import static org.plenum.sfu.room.RoomDriver.SEAT_VIDEO;
import static org.plenum.sfu.room.RoomDriver.SECOND;
import static org.plenum.sfu.room.RoomDriver.id;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.DirectEnd;
import org.plenum.sfu.Identity;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomEvent.DirectChanged;
import org.plenum.sfu.RoomEvent.DirectChanged.State;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.SlotBinding.PauseReason;
import org.plenum.sfu.TrackSource;

/// Who talks directly in a room, and what the room does meanwhile.
class IntroductionsTest {
  private final RoomDriver driver = new RoomDriver(RoomSettings.DEFAULT.withDirect(true));

  @Test
  void twoWhoSendAreIntroducedAndTheRoomHoldsTheirPicturesBack() {
    enter("ada");
    enter("bob");

    assertEquals(told(1, State.STARTED, "bob", true, null), last("ada"));
    assertEquals(told(1, State.STARTED, "ada", false, null), last("bob"));
    assertEquals(null, binding("bob", SEAT_VIDEO).paused(), "not before there is a path");
    connect(1);

    assertEquals(State.UP, last("ada").state());
    assertEquals(PauseReason.DIRECT, binding("ada", SEAT_VIDEO).paused());
    assertEquals(PauseReason.DIRECT, binding("bob", SEAT_VIDEO).paused());
    assertEquals(null, binding("bob", new Mid("a0")).paused(), "sound goes on");
  }

  @Test
  void whatIsSharedLaterIsHeldBackToo() {
    enter("ada");
    enter("bob");
    connect(1);
    driver.negotiate("ada", 2, 0, MICROPHONE, CAMERA, SCREEN);
    assertEquals(SCREEN, binding("bob", new Mid("v1")).source());
    assertEquals(PauseReason.DIRECT, binding("bob", new Mid("v1")).paused());
  }

  @Test
  void aThirdPersonGetsPicturesAndTheTwoGetThemHereAgain() {
    enter("ada");
    enter("bob");
    connect(1);
    enter("eve");

    assertEquals(told(1, State.ENDED, "bob", true, DirectEnd.COMPANY), last("ada"));
    assertEquals(DirectEnd.COMPANY, last("bob").end());
    assertEquals(null, binding("ada", SEAT_VIDEO).paused());
    assertEquals(null, binding("eve", SEAT_VIDEO).paused());
    driver.leave("eve");
    driver.pass(11 * SECOND);
    assertEquals(told(2, State.STARTED, "bob", true, null), last("ada"));
  }

  @Test
  void aHiddenViewerEndsIt() {
    enter("ada");
    enter("bob");
    driver.join(new JoinRequest(id("whep"), "WHEP", true, null));
    assertEquals(DirectEnd.COMPANY, last("ada").end());
  }

  @Test
  void anObserverEndsIt() {
    enter("ada");
    enter("bob");
    connect(1);
    driver.<RoomTap>ask(
        result ->
            new RoomCommand.Tap(
                new RoomTap(RoomTap.Purpose.BROADCAST, EnumSet.of(CodecName.VP8)), result));
    assertEquals(DirectEnd.OBSERVED, last("bob").end());
  }

  @Test
  void theRuleEndsIt() {
    enter("ada");
    enter("bob");
    driver.command(new RoomCommand.AllowDirect(false));
    assertEquals(DirectEnd.RULE, last("bob").end());
  }

  @Test
  void whoeverAgreesNoMoreEndsIt() {
    enter("ada");
    enter("bob");
    driver.command(new RoomCommand.AgreeDirect(id("ada"), false));
    assertEquals(DirectEnd.RULE, last("bob").end());
    driver.pass(60 * SECOND);
    assertEquals(DirectEnd.RULE, last("bob").end());
  }

  @Test
  void whoMayReceiveNothingAnyMoreIsSentNothing() {
    enter("ada");
    enter("bob");
    connect(1);
    driver.<ParticipantDetails>ask(
        result ->
            new RoomCommand.Permit(
                id("bob"), new Permissions(Set.of(TrackSource.values()), false), result));
    assertEquals(DirectEnd.RULE, last("ada").end());
  }

  /// What goes directly nobody here could hold back.
  @Test
  void whoMaySendSomethingNoMoreSendsItHere() {
    enter("ada");
    enter("bob");
    connect(1);
    driver.<ParticipantDetails>ask(
        result ->
            new RoomCommand.Permit(
                id("bob"), new Permissions(Set.of(TrackSource.CAMERA), true), result));
    assertEquals(DirectEnd.RULE, last("ada").end());
    driver.<ParticipantDetails>ask(
        result -> new RoomCommand.Permit(id("bob"), Permissions.ALL, result));
    driver.pass(DirectCall.PAUSE_NANOS + SECOND);
    assertEquals(DirectChanged.State.STARTED, last("ada").state());
  }

  @Test
  void nobodyIsIntroducedWhoHasNotAgreed() {
    enter("ada");
    driver.join("old");
    driver.negotiate("old", 1, 0, MICROPHONE, CAMERA);
    assertEquals(List.of(), driver.events("ada", DirectChanged.class));
    driver.leave("old");
    join("listener", null);
    driver.negotiate("listener", 1, 0);
    assertEquals(List.of(), driver.events("ada", DirectChanged.class), "she sends nothing");
  }

  @Test
  void nobodyIsIntroducedToThemselves() {
    join("phone", new Identity("ada"));
    join("laptop", new Identity("ada"));
    driver.negotiate("phone", 1, 0, CAMERA);
    driver.negotiate("laptop", 1, 0, CAMERA);
    assertEquals(List.of(), driver.events("phone", DirectChanged.class));
  }

  @Test
  void whoeverLeavesEndsItForTheOther() {
    enter("ada");
    enter("bob");
    connect(1);
    driver.leave("bob");
    assertEquals(DirectEnd.LEFT, last("ada").end());
    assertEquals(null, binding("ada", SEAT_VIDEO).paused());
  }

  /// Who is served by another worker is not: neither their slots here nor their relays are known
  /// there. They talk by the server.
  @Test
  void nobodyIsIntroducedToSomebodyOfAnotherPart() {
    RoomDriver branch = driver.branch();
    enter("ada");
    driver.join(branch, request("bob", null));
    branch.negotiate("bob", 2, 0, MICROPHONE, CAMERA);
    driver.passWithBranches(SECOND);
    assertEquals(List.of(), driver.events("ada", DirectChanged.class));
    assertEquals(List.of(), branch.events("bob", DirectChanged.class));
    assertEquals(CAMERA, binding("ada", SEAT_VIDEO).source());
    assertEquals(null, binding("ada", SEAT_VIDEO).paused());
    var said = new PeerMessage(1, new PeerMessage.Description(true, "v=0"), List.of());
    assertThrows(RefusedException.class, () -> peer("ada", "bob", said));
  }

  @Test
  void somebodyOfAnotherPartIsCompany() {
    RoomDriver branch = driver.branch();
    enter("ada");
    enter("bob");
    connect(1);
    driver.join(branch, request("eve", null));
    assertEquals(DirectEnd.COMPANY, last("ada").end());
    assertEquals(null, binding("ada", SEAT_VIDEO).paused());
  }

  @Test
  void messagesGoToThePartnerOnly() {
    enter("ada");
    enter("bob");
    var said = new PeerMessage(1, new PeerMessage.Description(true, "v=0"), List.of());
    peer("ada", "bob", said);
    assertEquals(
        List.of(new RoomEvent.PeerReceived(id("ada"), said)),
        driver.events("bob", RoomEvent.PeerReceived.class));
    assertThrows(RefusedException.class, () -> peer("ada", "nobody", said));
  }

  @Test
  void whoComesBackIsToldHowItStands() {
    enter("ada");
    enter("bob");
    connect(1);
    int before = driver.events("ada", DirectChanged.class).size();
    driver.<RoomSnapshot>ask(result -> new RoomCommand.Snapshot(id("ada"), result));
    assertEquals(before + 1, driver.events("ada", DirectChanged.class).size());
    assertEquals(State.UP, last("ada").state());
  }

  private void peer(String from, String to, PeerMessage said) {
    assertTrue(driver.<Boolean>ask(result -> new RoomCommand.Peer(id(from), id(to), said, result)));
  }

  private void connect(long call) {
    for (String each : List.of("ada", "bob")) {
      driver.command(new RoomCommand.DirectConnected(id(each), call));
    }
  }

  private void enter(String name) {
    join(name, null);
    driver.negotiate(name, 2, 0, MICROPHONE, CAMERA);
  }

  private void join(String name, @Nullable Identity identity) {
    driver.join(request(name, identity));
  }

  private static JoinRequest request(String name, @Nullable Identity identity) {
    return new JoinRequest(
        id(name), name, false, null, identity, null, Permissions.ALL, false, false, true, true);
  }

  private DirectChanged last(String who) {
    return driver.events(who, DirectChanged.class).getLast();
  }

  private static DirectChanged told(
      long call, State state, String other, boolean offers, @Nullable DirectEnd end) {
    return new DirectChanged(call, state, id(other), offers, end);
  }

  private SlotBinding binding(String viewer, Mid mid) {
    return driver.events(viewer, RoomEvent.SlotBound.class).stream()
        .map(RoomEvent.SlotBound::binding)
        .filter(binding -> binding.mid().equals(mid))
        .toList()
        .getLast();
  }
}
