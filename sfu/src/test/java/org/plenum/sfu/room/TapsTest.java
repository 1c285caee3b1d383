package org.plenum.sfu.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.CodecName.H264;
import static org.plenum.sfu.CodecName.VP8;
import static org.plenum.sfu.CodecName.VP9;
import static org.plenum.sfu.room.RoomDriver.SECOND;
import static org.plenum.sfu.room.RoomDriver.id;
import static org.plenum.sfu.room.TestCodecs.video;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.forward.TrackTap;

/// What an observer of a room's media is shown, and what it changes for those in the room.
class TapsTest {
  private RoomDriver driver = new RoomDriver(RoomSettings.DEFAULT);
  private final RoomTap tap = new RoomTap(RoomTap.Purpose.BROADCAST, Set.of(H264, VP9));

  @Test
  void publishersAreAskedForACodecThatTheObserverTakes() {
    publish("alice", VP8, VP9, H264);
    tap(tap);
    assertEquals(List.of(H264), wanted("alice"));
    publish("bob", VP8, VP9);
    assertEquals(VP9, track("bob").codecs().getFirst().name(), "answered so from the start");
  }

  @Test
  void whileTheRoomIsBroadcastH264ComesBeforeWhatTheObserverTakesAsWell() {
    driver =
        new RoomDriver(
            new RoomSettings(9, 2, 6, 60 * SECOND, 10 * SECOND, List.of(VP9, H264, VP8)));
    publish("alice", VP9, H264);
    assertEquals(VP9, track("alice").codecs().getFirst().name());
    var recording = new RoomTap(RoomTap.Purpose.RECORDING, Set.of(VP8, H264, VP9));
    tap(recording);
    assertEquals(List.of(), wanted("alice"), "recorded is what comes");
    tap(tap);
    assertEquals(List.of(H264), wanted("alice"));
    publish("bob", VP9, H264);
    assertEquals(H264, track("bob").codecs().getFirst().name());
    publish("carol", VP9);
    assertEquals(List.of(), wanted("carol"));
  }

  @Test
  void viewersComeFirstWhereNoCodecSuitsThemAndTheObserver() {
    publish("alice", VP8, VP9);
    driver.join("old");
    driver.negotiate("old", driver.viewing("old", List.of(video(VP8))));
    tap(tap);
    assertEquals(List.of(), wanted("alice"));
    publish("carol", VP8, VP9);
    assertEquals(VP8, track("carol").codecs().getFirst().name());
    driver.leave("old");
    assertEquals(List.of(VP9), wanted("alice"));
    assertEquals(List.of(VP9), wanted("carol"));
  }

  @Test
  void everyTrackThatMayBeSeenHasASinkUntilItMayNotBeSeenAnyMore() {
    publish("alice", VP8, H264);
    tap(tap);
    publish("bob", VP8, H264);
    assertTrue(isTapped("alice"));
    assertTrue(isTapped("bob"));

    TrackId track = track("alice").id();
    driver.<ParticipantDetails>ask(
        result -> new RoomCommand.SilenceTrack(id("alice"), track, true, result));
    assertFalse(isTapped("alice"), "a moderator muted it");
    driver.<ParticipantDetails>ask(
        result -> new RoomCommand.SilenceTrack(id("alice"), track, false, result));
    assertTrue(isTapped("alice"));

    tap.close();
    driver.pass(SECOND / 50);
    assertFalse(isTapped("alice"));
    assertFalse(isTapped("bob"));
    assertTrue(tap.isEnded());
  }

  @Test
  void theObserverHearsWhoSpeaks() {
    driver.join("alice");
    driver.negotiate("alice", 0, 0, TrackSource.MICROPHONE);
    tap(tap);
    driver.pass(3 * SECOND, Map.of("alice", 20));
    assertEquals(List.of(id("alice")), tap.speakers());
  }

  @Test
  void theObserverHearsThatTheRoomHasClosed() {
    tap(tap);
    assertFalse(tap.isEnded());
    driver.room.close();
    assertTrue(tap.isEnded());
  }

  @Test
  void everybodyIsToldWhatBecomesOfTheMedia() {
    driver.join("alice");
    tap(tap);
    var recording = new RoomTap(RoomTap.Purpose.RECORDING, Set.of(H264, VP9));
    tap(recording);
    tap(new RoomTap(RoomTap.Purpose.RECORDING, Set.of(H264)));
    tap.close();
    driver.pass(SECOND / 50);
    assertEquals(
        List.of(
            new Observation(true, false),
            new Observation(true, true),
            new Observation(false, true)),
        driver.events("alice", RoomEvent.ObservationChanged.class).stream()
            .map(RoomEvent.ObservationChanged::observation)
            .toList());
    assertEquals(new Observation(false, true), driver.join("bob").observation());
  }

  @Test
  void thereIsAMostOfThem() {
    for (int i = 0; i < 4; i++) {
      tap(new RoomTap(RoomTap.Purpose.BROADCAST, Set.of(H264)));
    }
    RefusedException refusal = assertThrows(RefusedException.class, () -> tap(tap));
    assertTrue(String.valueOf(refusal.getMessage()).contains("4"));
  }

  private void tap(RoomTap wanted) {
    driver.<RoomTap>ask(result -> new RoomCommand.Tap(wanted, result));
  }

  private void publish(String name, CodecName... codecs) {
    driver.join(new JoinRequest(id(name), name, false, null));
    List<Codec> offered = Arrays.stream(codecs).map(TestCodecs::video).toList();
    driver.negotiate(name, driver.publishing(name, offered));
  }

  private Track track(String name) {
    return driver.room.participant(id(name)).tracks().get(RoomDriver.CAMERA_MID);
  }

  private boolean isTapped(String name) {
    return track(name).sinks().stream().anyMatch(TrackTap.class::isInstance);
  }

  private List<CodecName> wanted(String name) {
    return driver.events(name, RoomEvent.PublishWanted.class).stream()
        .map(RoomEvent.PublishWanted::codec)
        .toList();
  }
}
