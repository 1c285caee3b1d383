package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.EgressVerdict;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.room.RoomCommand;

/// A room that has parts on several workers: to those who are in it, it is one.
class RelayedCallTest {
  private static long count(SimulatedCall call, SfuCounter counter) {
    return call.counters.value(counter);
  }

  /// What one part handed over, the other has taken.
  private static void assertNothingLost(SimulatedCall... parts) {
    long sent = 0;
    long taken = 0;
    for (SimulatedCall part : parts) {
      assertEquals(0, count(part, SfuCounter.RELAYED_PACKETS_DROPPED));
      sent += count(part, SfuCounter.RELAYED_PACKETS_SENT);
      taken += count(part, SfuCounter.RELAYED_PACKETS_RECEIVED);
      taken += count(part, SfuCounter.RELAYED_PACKETS_UNUSED);
    }
    // At most the packets of the last millisecond are still under way.
    assertEquals(sent, taken, 20);
    assertTrue(sent > 0);
  }

  private static void show(SimulatedCall call, SimulatedViewer viewer, SeatView... seats) {
    call.room.handle(new RoomCommand.View(viewer.id, List.of(seats)), call.now());
  }

  private static RoomSnapshot snapshot(SimulatedCall call, SimulatedPeer peer) {
    return call.ask(
        (CompletableFuture<RoomSnapshot> result) -> new RoomCommand.Snapshot(peer.id, result));
  }

  private static List<String> roster(SimulatedCall call, SimulatedPeer peer) {
    return snapshot(call, peer).participants().stream()
        .map(each -> each.id() + " " + each.name() + " " + each.tracks() + " " + each.silenced())
        .sorted()
        .toList();
  }

  private static <E extends RoomEvent> List<E> events(SimulatedPeer peer, Class<E> kind) {
    return peer.events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void picturesAndSoundGoBothWays() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      owner.publisher("ada").enter();
      branch.publisher("ben").enter();
      SimulatedViewer here = owner.viewer("here").enter(2);
      SimulatedViewer there = branch.viewer("there").enter(2);
      owner.runUntil(12);
      for (SimulatedViewer viewer : List.of(here, there)) {
        for (int seat = 0; seat < 2; seat++) {
          Picture picture = viewer.picture(seat);
          assertTrue(picture.framesPerSecond(3, 12) > 19, viewer.id + " sees seat " + seat);
          assertEquals(720, picture.height());
          assertTrue(picture.firstFrameSeconds() < 1, "at " + picture.firstFrameSeconds() + " s");
        }
        assertEquals(0, viewer.corrupt());
        assertEquals(0, viewer.wrongReferences());
        for (int seat = 0; seat < 2; seat++) {
          int ssrc = viewer.sound(seat).ssrc;
          long heard = viewer.heard().stream().filter(each -> each.ssrc() == ssrc).count();
          assertTrue(heard > 550, heard + " packets of sound");
        }
      }
      assertNothingLost(owner, branch);
    }
  }

  /// From one branch to another there is no way but by the owner.
  @Test
  void branchesSeeEachOther() {
    try (var owner = new SimulatedCall();
        var one = owner.branch();
        var other = owner.branch()) {
      one.publisher("ada").enter();
      SimulatedViewer viewer = other.viewer("v").enter(1);
      owner.runUntil(10);
      long up = count(one, SfuCounter.RELAYED_PACKETS_SENT);
      long down = count(owner, SfuCounter.RELAYED_PACKETS_SENT);
      owner.runUntil(14);
      assertTrue(viewer.picture().framesPerSecond(3, 14) > 19);
      assertEquals(0, viewer.corrupt());
      assertNothingLost(owner, one, other);
      // Once it is known at both relays what is not needed.
      up = count(one, SfuCounter.RELAYED_PACKETS_SENT) - up;
      down = count(owner, SfuCounter.RELAYED_PACKETS_SENT) - down;
      assertEquals(up, down, 20, "each packet once a relay");
      assertTrue(up > 1_000);
    }
  }

  @Test
  void eachPacketHasOneVerdictAtEachSlotWhereverItCameFrom() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      owner.publisher("ada").enter();
      SimulatedViewer viewer = branch.viewer("v").enter(1);
      owner.runUntil(6);
      long verdicts = Arrays.stream(EgressVerdict.values()).mapToLong(branch.counters::value).sum();
      // One viewer, whose slots show all that comes.
      assertEquals(count(branch, SfuCounter.RELAYED_PACKETS_RECEIVED), verdicts, 60);
      assertTrue(viewer.picture().frames() > 0);
    }
  }

  /// Of a video nothing crosses that nobody there shows.
  @Test
  void onlyWhatIsShownCrosses() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      SimulatedViewer viewer = branch.viewer("v").enter(1);
      show(branch, viewer);
      owner.runUntil(5);
      long before = count(owner, SfuCounter.RELAYED_BYTES_SENT);
      owner.runUntil(10);
      long sound = count(owner, SfuCounter.RELAYED_BYTES_SENT) - before;
      assertTrue(sound < 50 * 5 * 100, sound + " bytes, while nobody watches");

      show(branch, viewer, new SeatView(0, ada.id, false, 180));
      owner.runUntil(15);
      before = count(owner, SfuCounter.RELAYED_BYTES_SENT);
      owner.runUntil(20);
      double bps = (count(owner, SfuCounter.RELAYED_BYTES_SENT) - before) * 8 / 5.0;
      assertTrue(bps > 120_000 && bps < 300_000, bps + " b/s of the smallest layer");
      assertEquals(180, viewer.picture().height());

      show(branch, viewer, new SeatView(0, ada.id, false, 720));
      owner.runUntil(30);
      before = count(owner, SfuCounter.RELAYED_BYTES_SENT);
      owner.runUntil(35);
      bps = (count(owner, SfuCounter.RELAYED_BYTES_SENT) - before) * 8 / 5.0;
      assertTrue(bps > 1_400_000 && bps < 2_300_000, bps + " b/s of the largest layer");
      assertEquals(720, viewer.picture().height());

      show(branch, viewer);
      owner.runUntil(40);
      before = count(owner, SfuCounter.RELAYED_BYTES_SENT);
      owner.runUntil(45);
      sound = count(owner, SfuCounter.RELAYED_BYTES_SENT) - before;
      assertTrue(sound < 50 * 5 * 100, sound + " bytes, when nobody watches any more");
    }
  }

  /// A publisher is told to send what is shown elsewhere, and no more.
  @Test
  void layersAreSwitchedOnAndOffOverTheRelay() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada").switchesLayers().enter();
      SimulatedViewer viewer = branch.viewer("v").enter(1);
      show(branch, viewer, new SeatView(0, ada.id, false, 180));
      owner.runUntil(15);
      assertEquals(1, events(ada, RoomEvent.LayersWanted.class).getLast().active().size());
      show(branch, viewer, new SeatView(0, ada.id, false, 720));
      owner.runUntil(25);
      assertEquals(720, viewer.picture().height());
      assertTrue(viewer.picture().framesPerSecond(17, 25) > 19);
      assertTrue(
          events(ada, RoomEvent.LayersWanted.class).getLast().active().stream()
              .anyMatch(rid -> rid.value().equals("f")));
    }
  }

  @Test
  void aHundredViewersElsewhereAskForOneKeyFrame() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      for (int i = 0; i < 100; i++) {
        branch.viewer("v" + i).enter(1);
      }
      owner.runUntil(4);
      Map<Integer, Long> latest = new HashMap<>();
      for (SimulatedPublisher.Asked asked : ada.asked()) {
        Long before = latest.put(asked.ssrc(), asked.nanos());
        assertTrue(before == null || asked.nanos() - before >= 300 * SimulatedCall.MILLI);
      }
      assertTrue(ada.asked().size() <= 12, ada.asked().size() + " requests");
      assertTrue(ada.asked().size() > 0);
    }
  }

  /// What viewers lose is sent again from the cache of their own part.
  @Test
  void viewersElsewhereAreSentAgainFromTheirOwnPart() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      owner.publisher("ada").enter();
      SimulatedViewer viewer = branch.viewer("v");
      viewer.down.loss(0.03);
      viewer.enter(1);
      owner.runUntil(12);
      assertTrue(viewer.picture().framesPerSecond(4, 12) > 18.5);
      assertTrue(count(branch, SfuCounter.RETRANSMISSIONS_SENT) > 20);
      assertEquals(0, count(owner, SfuCounter.RETRANSMISSIONS_SENT));
      assertEquals(0, count(owner, SfuCounter.NACKS_SENT), "the publisher is asked for nothing");
    }
  }

  /// What the publisher's link loses is repaired before it crosses, or after.
  @Test
  void aBadUplinkIsRepairedForViewersElsewhere() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada");
      ada.up.loss(0.05);
      ada.enter();
      SimulatedViewer viewer = branch.viewer("v").enter(1);
      owner.runUntil(12);
      assertTrue(viewer.picture().framesPerSecond(4, 12) > 18.5);
      assertEquals(0, viewer.wrongReferences());
    }
  }

  @Test
  void sendersReportsCross() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      owner.publisher("ada").enter();
      SimulatedViewer here = owner.viewer("here").enter(1);
      SimulatedViewer there = branch.viewer("there").enter(1);
      owner.runUntil(6);
      assertTrue(here.video(0).reportNanos > 0 || here.video(0).reportMiddle != 0);
      assertTrue(there.video(0).reportMiddle != 0, "the viewer's clock is told how lips move");
      long apart =
          (here.video(0).reportNanos - there.video(0).reportNanos) * 65_536 / SimulatedCall.SECOND
              - (here.video(0).reportMiddle - there.video(0).reportMiddle);
      assertTrue(Math.abs(apart) < 65_536 / 20, apart + "/65536 s apart");
    }
  }

  /// A worker that is away for long loses packets; they are counted, and the picture is healed.
  @Test
  void aFullHandOverIsHealedByAKeyFrame() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch(new PacketRing(100_000, 128), new PacketRing(100_000, 128))) {
      owner.publisher("ada").enter();
      SimulatedViewer viewer = branch.viewer("v").enter(1);
      owner.runUntil(5);
      assertEquals(0, count(owner, SfuCounter.RELAYED_PACKETS_DROPPED));
      branch.stalls(true);
      owner.runUntil(7);
      branch.stalls(false);
      assertTrue(count(owner, SfuCounter.RELAYED_PACKETS_DROPPED) > 100);
      owner.runUntil(15);
      assertTrue(viewer.picture().framesPerSecond(9, 15) > 19);
      assertEquals(0, viewer.wrongReferences());
    }
  }

  @Test
  void everybodyKnowsEverybody() {
    try (var owner = new SimulatedCall();
        var one = owner.branch();
        var other = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      SimulatedPublisher ben = one.publisher("ben").enter();
      SimulatedViewer cleo = other.viewer("cleo").enter(2);
      owner.runUntil(1);
      List<String> all = ids("ada", "ben", "cleo");
      assertEquals(without(all, "ada"), names(owner, ada));
      assertEquals(without(all, "ben"), names(one, ben));
      assertEquals(without(all, "cleo"), names(other, cleo));

      one.room.handle(new RoomCommand.Rename(ben.id, "Benjamin"), one.now());
      one.room.handle(new RoomCommand.Mute(ben.id, new Mid("m"), true), one.now());
      owner.deliver();
      ParticipantInfo seen = find(snapshot(other, cleo), ben.id);
      assertEquals("Benjamin", seen.name());
      assertTrue(
          seen.tracks().stream()
              .filter(track -> track.source() == TrackSource.MICROPHONE)
              .allMatch(track -> track.muted()));
      assertEquals("Benjamin", find(snapshot(owner, ada), ben.id).name());

      owner.room.handle(new RoomCommand.Leave(ben.id, LeaveReason.LEFT), owner.now());
      owner.deliver();
      assertEquals(without(without(all, "ada"), "ben"), names(owner, ada));
      assertEquals(without(without(all, "cleo"), "ben"), names(other, cleo));
      assertEquals(LeaveReason.LEFT, events(ben, RoomEvent.Removed.class).getLast().reason());
      assertEquals(ben.id, events(cleo, RoomEvent.ParticipantLeft.class).getLast().participant());
      assertEquals(0, one.counters.value(Gauge.PARTICIPANTS));
      assertEquals(0, one.counters.value(Gauge.TRACKS));
    }
  }

  private static List<String> ids(String... ids) {
    return List.of(ids);
  }

  private static List<String> without(List<String> all, String one) {
    return all.stream().filter(each -> !each.equals(one)).toList();
  }

  private static List<String> names(SimulatedCall call, SimulatedPeer peer) {
    return snapshot(call, peer).participants().stream()
        .map(each -> each.id().value())
        .sorted()
        .toList();
  }

  private static ParticipantInfo find(RoomSnapshot snapshot, ParticipantId id) {
    return snapshot.participants().stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /// A part that begins late is told of all who are there.
  @Test
  void aBranchThatBeginsLateKnowsTheRoom() {
    try (var owner = new SimulatedCall()) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      owner.runUntil(2);
      try (var branch = owner.branch()) {
        SimulatedViewer viewer = branch.viewer("v").enter(1);
        owner.runUntil(6);
        assertEquals(List.of("ada"), names(branch, viewer));
        assertEquals(List.of("v"), names(owner, ada));
        assertTrue(viewer.picture().framesPerSecond(4, 6) > 19);
      }
    }
  }

  @Test
  void aModeratorsMuteHoldsEverywhere() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ben = branch.publisher("ben").enter();
      SimulatedViewer here = owner.viewer("here").enter(1);
      SimulatedViewer there = branch.viewer("there").enter(1);
      owner.runUntil(3);
      owner.ask(
          (CompletableFuture<ParticipantDetails> result) ->
              new RoomCommand.SilenceSources(
                  ben.id, Set.of(TrackSource.CAMERA, TrackSource.MICROPHONE), result));
      owner.runUntil(4);
      int here4 = here.picture().frames();
      int there4 = there.picture().frames();
      int heard4 = here.heard().size() + there.heard().size();
      owner.runUntil(6);
      assertEquals(here4, here.picture().frames());
      assertEquals(there4, there.picture().frames());
      assertEquals(heard4, here.heard().size() + there.heard().size());
      assertEquals(2, events(ben, RoomEvent.Silenced.class).getLast().sources().size());
      assertEquals(2, events(here, RoomEvent.Silenced.class).getLast().sources().size());

      owner.ask(
          (CompletableFuture<ParticipantDetails> result) ->
              new RoomCommand.SilenceSources(ben.id, Set.of(), result));
      owner.runUntil(10);
      assertTrue(here.picture().framesPerSecond(7, 10) > 19);
      assertTrue(there.picture().framesPerSecond(7, 10) > 19);
    }
  }

  @Test
  void messagesReachEverybodyOnce() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      SimulatedViewer ben = branch.viewer("ben").enter(1);
      SimulatedViewer cleo = branch.viewer("cleo").enter(1);
      var message = new RoomEvent.MessageReceived(ben.id, "chat", "hello", false);
      int told =
          owner.ask(
              (CompletableFuture<Integer> result) -> new RoomCommand.Send(message, null, result));
      assertEquals(2, told);
      assertEquals(1, events(ada, RoomEvent.MessageReceived.class).size());
      assertEquals(1, events(cleo, RoomEvent.MessageReceived.class).size());
      assertEquals(0, events(ben, RoomEvent.MessageReceived.class).size());
      var whisper = new RoomEvent.MessageReceived(ada.id, "chat", "psst", true);
      owner.ask(
          (CompletableFuture<Integer> result) -> new RoomCommand.Send(whisper, cleo.id, result));
      assertEquals(2, events(cleo, RoomEvent.MessageReceived.class).size());
      assertEquals(0, events(ben, RoomEvent.MessageReceived.class).size());
    }
  }

  @Test
  void everybodyIsToldTheSameOfWhoSpeaks() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      owner.publisher("quiet").enterToSpeak(_ -> 90);
      SimulatedPublisher loud =
          branch
              .publisher("loud")
              .enterToSpeak(
                  nanos -> nanos < 1_000_000_000L || nanos / 20_000_000 % 20 < 4 ? 90 : 25);
      SimulatedViewer here = owner.viewer("here").enter(2);
      SimulatedViewer there = branch.viewer("there").enter(2);
      owner.runUntil(5);
      List<ParticipantId> told = List.of(loud.id);
      assertEquals(told, events(here, RoomEvent.SpeakersChanged.class).getLast().speakers());
      assertEquals(told, events(there, RoomEvent.SpeakersChanged.class).getLast().speakers());
    }
  }

  @Test
  void theRoomEndsForEverybody() {
    var owner = new SimulatedCall();
    var branch = owner.branch();
    SimulatedPublisher ada = owner.publisher("ada").enter();
    SimulatedViewer viewer = branch.viewer("v").enter(1);
    owner.runUntil(2);
    owner.room.handle(new RoomCommand.Close(), owner.now());
    owner.deliver();
    assertTrue(branch.room.isClosed());
    assertEquals(LeaveReason.CLOSED, events(ada, RoomEvent.Removed.class).getLast().reason());
    assertEquals(LeaveReason.CLOSED, events(viewer, RoomEvent.Removed.class).getLast().reason());
    assertEquals(0, branch.counters.value(Gauge.BRANCHES));
    assertEquals(0, owner.counters.value(Gauge.ROOMS));
  }

  /// As after a fault of our own there: who was there is gone, the others go on.
  @Test
  void aBranchThatFailsTakesOnlyItsOwnPeopleWithIt() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      SimulatedPublisher ben = branch.publisher("ben").enter();
      SimulatedViewer here = owner.viewer("here").enter(2);
      owner.runUntil(3);
      branch.room.close();
      owner.deliver();
      ben.leave();
      owner.runUntil(6);
      assertFalse(owner.room.isClosed());
      assertEquals(List.of("here"), names(owner, ada));
      assertEquals(LeaveReason.CLOSED, events(ben, RoomEvent.Removed.class).getLast().reason());
      assertTrue(here.picture(0).framesPerSecond(4, 6) > 19);
    }
  }

  /// Media that stops coming ends a participant wherever it is.
  @Test
  void whoeverIsLostElsewhereIsGoneForAll() {
    try (var owner = new SimulatedCall();
        var branch = owner.branch()) {
      SimulatedPublisher ada = owner.publisher("ada").enter();
      SimulatedPublisher ben = branch.publisher("ben").enter();
      owner.runUntil(2);
      ben.leave();
      owner.runUntil(70);
      assertEquals(List.of(), names(owner, ada));
      assertEquals(
          LeaveReason.MEDIA_LOST, events(ada, RoomEvent.ParticipantLeft.class).getLast().reason());
    }
  }
}
