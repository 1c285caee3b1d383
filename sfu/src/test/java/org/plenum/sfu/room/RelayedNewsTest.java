package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.CodecName.H264;
import static org.plenum.sfu.CodecName.VP8;
import static org.plenum.sfu.CodecName.VP9;
import static org.plenum.sfu.room.RoomDriver.SECOND;
import static org.plenum.sfu.room.RoomDriver.id;
import static org.plenum.sfu.room.TestCodecs.video;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.Permissions;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.counters.WorkerCounters.Gauge;

/// What the parts of a room tell each other, and what follows from that in each.
class RelayedNewsTest {
  private final RoomDriver owner = new RoomDriver(RoomSettings.DEFAULT);
  private final RoomDriver branch = owner.branch();

  private static List<Codec> codecs(CodecName... names) {
    return Arrays.stream(names).map(TestCodecs::video).toList();
  }

  private static List<CodecName> wanted(RoomDriver driver, String name) {
    return driver.events(name, RoomEvent.PublishWanted.class).stream()
        .map(RoomEvent.PublishWanted::codec)
        .toList();
  }

  @Test
  void publishersAreAskedForWhatViewersElsewhereDecode() {
    owner.join("alice");
    owner.negotiate("alice", owner.publishing("alice", codecs(VP8, VP9)));
    owner.join(branch, "bob");
    branch.negotiate("bob", branch.publishing("bob", codecs(VP8, VP9)));
    owner.join(branch, "carol");
    branch.negotiate("carol", branch.viewing("carol", List.of(video(VP9))));
    owner.passWithBranches(SECOND);
    assertEquals(List.of(VP9), wanted(owner, "alice"));
    assertEquals(List.of(VP9), wanted(branch, "bob"));

    owner.join("dave");
    owner.negotiate("dave", owner.publishing("dave", codecs(VP8, VP9)));
    assertEquals(List.of(), wanted(owner, "dave"), "answered so from the start");
  }

  @Test
  void observersAreToldToAllAndTheirCodecsCount() {
    owner.join(branch, "bob");
    branch.negotiate("bob", branch.publishing("bob", codecs(VP8, H264)));
    var tap = new RoomTap(RoomTap.Purpose.RECORDING, Set.of(H264));
    owner.<RoomTap>ask(result -> new RoomCommand.Tap(tap, result));
    owner.passWithBranches(SECOND);
    assertEquals(
        new Observation(false, true),
        branch.events("bob", RoomEvent.ObservationChanged.class).getLast().observation());
    assertEquals(List.of(H264), wanted(branch, "bob"));
    assertEquals(new Observation(false, true), branch.snapshot("bob").observation());

    tap.close();
    owner.passWithBranches(SECOND);
    assertEquals(
        Observation.NONE,
        branch.events("bob", RoomEvent.ObservationChanged.class).getLast().observation());
  }

  @Test
  void onlyTheOwnerTellsTheObserverOfTheRoom() {
    owner.join(branch, "bob");
    branch.negotiate("bob", 1, 0, TrackSource.CAMERA);
    owner.passWithBranches(SECOND);
    owner.leave("bob");
    owner.passWithBranches(SECOND);
    assertEquals(
        List.of("joined bob", "published bob CAMERA", "unpublished bob CAMERA", "left bob LEFT"),
        owner.observed);
    assertEquals(List.of(), branch.observed);
  }

  @Test
  void whatSomebodyMayDoHoldsInTheirPart() {
    owner.join("alice");
    owner.negotiate("alice", 1, 0, TrackSource.CAMERA);
    owner.join(branch, "bob");
    branch.negotiate("bob", 1, 0);
    owner.passWithBranches(SECOND);
    assertEquals(List.of("v0=alice"), branch.bindings("bob"));
    var blind = new Permissions(Permissions.ALL.publish(), false);
    owner.<ParticipantDetails>ask(result -> new RoomCommand.Permit(id("bob"), blind, result));
    owner.passWithBranches(SECOND);
    assertEquals(List.of(), branch.bindings("bob"));
  }

  @Test
  void aTrackThatIsPublishedAnewIsAnotherOneEverywhere() {
    owner.join("alice");
    owner.negotiate("alice", 1, 0);
    owner.join(branch, "bob");
    branch.negotiate("bob", 0, 0, TrackSource.CAMERA);
    owner.passWithBranches(SECOND);
    assertEquals(List.of("v0=bob"), owner.bindings("alice"));
    branch.negotiate("bob", 0, 0);
    owner.passWithBranches(SECOND);
    assertEquals(List.of(), owner.bindings("alice"));
    assertEquals(1, owner.events("alice", RoomEvent.TrackUnpublished.class).size());
    branch.negotiate("bob", 0, 0, TrackSource.CAMERA, TrackSource.MICROPHONE);
    owner.passWithBranches(SECOND);
    assertEquals(List.of("a0=bob", "v0=bob"), owner.bindings("alice"));
    assertEquals(owner.bindings("alice"), owner.toldBindings("alice"));
  }

  /// A late word of a session that has ended must not end the next one.
  @Test
  void whoComesBackUnderTheSameNameIsNotTakenForWhoTheyWere() {
    owner.join(branch, "bob");
    // The branch finds bob lost in the moment in which he leaves and comes back.
    branch.command(new RoomCommand.Leave(id("bob"), LeaveReason.MEDIA_LOST));
    owner.leave("bob");
    owner.join(branch, "bob");
    owner.passWithBranches(SECOND);
    assertEquals(1, owner.<List<ParticipantDetails>>ask(RoomCommand.Participants::new).size());
    assertEquals(List.of(), branch.snapshot("bob").participants());
    assertEquals(1, branch.gauges().get(Gauge.PARTICIPANTS));
  }

  /// A reload finds another worker than the page before it.
  @Test
  void aReloadMayLandInAnotherPart() {
    owner.join("alice");
    owner.join(branch, "bob");
    owner.<ParticipantDetails>ask(
        result -> new RoomCommand.SilenceSources(id("bob"), Set.of(TrackSource.CAMERA), result));
    RoomSnapshot snapshot = owner.join(new JoinRequest(id("bob2"), "Bob", false, id("bob")));
    owner.passWithBranches(SECOND);
    assertEquals(Set.of(TrackSource.CAMERA), snapshot.silenced(), "the mute is of the person");
    assertEquals(
        LeaveReason.REPLACED, branch.events("bob", RoomEvent.Removed.class).getLast().reason());
    assertEquals(0, branch.gauges().get(Gauge.PARTICIPANTS));
    assertEquals(
        List.of(id("bob2")),
        owner.snapshot("alice").participants().stream().map(ParticipantInfo::id).toList());
  }

  @Test
  void aPersonIsMutedInAllParts() {
    owner.join("alice");
    owner.join(branch, "bob");
    branch.negotiate("bob", 0, 0, TrackSource.MICROPHONE);
    owner.passWithBranches(SECOND);
    owner.<ParticipantDetails>ask(
        result ->
            new RoomCommand.SilenceSources(id("bob"), Set.of(TrackSource.MICROPHONE), result));
    owner.passWithBranches(SECOND);
    assertEquals(Set.of(TrackSource.MICROPHONE), branch.snapshot("bob").silenced());
    assertTrue(owner.snapshot("alice").participants().getFirst().tracks().getFirst().muted());
    assertEquals(1, owner.events("alice", RoomEvent.Silenced.class).size());
  }
}
