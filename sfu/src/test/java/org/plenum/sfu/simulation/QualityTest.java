package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.SectionQuality;
import org.plenum.sfu.quality.PublisherSecond.Limitation;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;
import org.plenum.sfu.quality.QualityGrade;
import org.plenum.sfu.room.RoomCommand;

/// Who is told whose fault it is, in a whole room: two publishers, one of them in trouble or none,
/// and two viewers, one of them in trouble or none.
class QualityTest {
  private static final String PICTURE = "v0";
  private static final String SOUND = "a0";
  private static final String CAMERA = "c";
  private static final String MICROPHONE = "m";

  /// What was told last of each section; null once it is not rated any more.
  private static @Nullable Quality told(SimulatedPeer peer, String mid) {
    Map<Mid, @Nullable Quality> latest = new LinkedHashMap<>();
    for (RoomEvent event : peer.events) {
      if (event instanceof RoomEvent.QualityChanged(var sections)) {
        for (SectionQuality section : sections) {
          latest.put(section.mid(), section.quality());
        }
      }
    }
    return latest.get(new Mid(mid));
  }

  private static void assertCause(QualityCause cause, SimulatedPeer peer, String mid) {
    Quality quality = told(peer, mid);
    assertNotNull(quality, peer.id + " was told nothing of " + mid);
    assertEquals(cause, quality.cause(), peer.id + " " + mid + " " + quality);
    assertEquals(
        cause == QualityCause.NONE, quality.grade() == QualityGrade.GOOD, quality.toString());
  }

  private static long counted(SimulatedCall call, QualityCause cause) {
    return Arrays.stream(call.counters.quality().scores(cause).counts()).sum();
  }

  /// Two publishers and two viewers, rated for a while, with nothing to complain of.
  private static final class Room implements AutoCloseable {
    final SimulatedCall call = new SimulatedCall();
    final SimulatedPublisher ada = call.publisher("ada").enter();
    final SimulatedPublisher bob = call.publisher("bob").enter();
    final SimulatedViewer cem = call.viewer("cem");
    final SimulatedViewer dia = call.viewer("dia");

    Room() {
      cem.down.rate(10_000_000);
      cem.enter(2);
      dia.enter(2);
      call.runUntil(10);
    }

    /// Of the first seat, which is Ada's.
    void assertSeen(QualityCause cause, SimulatedViewer viewer) {
      assertCause(cause, viewer, PICTURE);
    }

    /// What has to do with Bob, whom nothing befalls, is good for this viewer.
    void assertBobIsFine(SimulatedViewer viewer) {
      assertCause(QualityCause.NONE, viewer, "v1");
      assertCause(QualityCause.NONE, viewer, "a1");
    }

    @Override
    public void close() {
      call.close();
    }
  }

  @Test
  void nobodyIsBlamedForAGoodCall() {
    try (var room = new Room()) {
      room.call.runUntil(20);
      for (SimulatedViewer viewer : List.of(room.cem, room.dia)) {
        room.assertSeen(QualityCause.NONE, viewer);
        assertCause(QualityCause.NONE, viewer, SOUND);
        room.assertBobIsFine(viewer);
        assertEquals(4, tellings(viewer), "each section once");
      }
      assertCause(QualityCause.NONE, room.ada, CAMERA);
      assertCause(QualityCause.NONE, room.ada, MICROPHONE);
      assertEquals(2, tellings(room.ada), "each section once");
      long good = counted(room.call, QualityCause.NONE);
      assertTrue(good > 100, good + " good seconds of 8 slots");
      for (QualityCause cause : QualityCause.values()) {
        assertTrue(cause == QualityCause.NONE || counted(room.call, cause) <= 4, cause.toString());
      }
    }
  }

  private static long tellings(SimulatedPeer peer) {
    return peer.events.stream()
        .mapToLong(
            event -> event instanceof RoomEvent.QualityChanged told ? told.sections().size() : 0)
        .sum();
  }

  @Test
  void lossOnAPublishersUplinkIsToldToEverybody() {
    try (var room = new Room()) {
      room.ada.up.loss(0.45);
      room.call.runUntil(18);
      room.assertSeen(QualityCause.PUBLISHER_UPLINK, room.cem);
      room.assertSeen(QualityCause.PUBLISHER_UPLINK, room.dia);
      assertCause(QualityCause.PUBLISHER_UPLINK, room.cem, SOUND);
      assertCause(QualityCause.PUBLISHER_UPLINK, room.ada, MICROPHONE);
      room.assertBobIsFine(room.cem);
      assertCause(QualityCause.NONE, room.bob, CAMERA);
      assertTrue(counted(room.call, QualityCause.PUBLISHER_UPLINK) >= 16);
      room.ada.up.loss(0);
      room.call.runUntil(30);
      room.assertSeen(QualityCause.NONE, room.cem);
      assertCause(QualityCause.NONE, room.ada, MICROPHONE);
    }
  }

  @Test
  void anUplinkThatIsCutIsNoStoppedEncoder() {
    try (var room = new Room()) {
      room.ada.up.loss(1);
      room.ada.leave();
      room.call.runUntil(15);
      room.assertSeen(QualityCause.PUBLISHER_UPLINK, room.cem);
      assertCause(QualityCause.PUBLISHER_UPLINK, room.cem, SOUND);
      room.assertBobIsFine(room.cem);
    }
  }

  @Test
  void aStoppedEncoderIsItsOwnersDevice() {
    try (var room = new Room()) {
      room.ada.cameraStopped(true);
      room.call.runUntil(25);
      room.assertSeen(QualityCause.PUBLISHER_DEVICE, room.cem);
      room.assertSeen(QualityCause.PUBLISHER_DEVICE, room.dia);
      assertCause(QualityCause.PUBLISHER_DEVICE, room.ada, CAMERA);
      assertCause(QualityCause.NONE, room.cem, SOUND);
      room.assertBobIsFine(room.dia);
      room.ada.cameraStopped(false);
      room.call.runUntil(35);
      room.assertSeen(QualityCause.NONE, room.cem);
    }
  }

  @Test
  void anEncoderThatSaysItLacksBandwidthIsItsOwnersUplink() {
    try (var room = new Room()) {
      var limited = new Playback.Encoder(new Mid(CAMERA), Limitation.BANDWIDTH);
      var report = new Playback(0, 0, false, List.of(), List.of(limited));
      room.call.room.handle(new RoomCommand.Report(room.ada.id, report), room.call.now());
      room.ada.cameraStopped(true);
      room.call.runUntil(15);
      room.assertSeen(QualityCause.PUBLISHER_UPLINK, room.cem);
      assertCause(QualityCause.PUBLISHER_UPLINK, room.ada, CAMERA);
    }
  }

  @Test
  void lossOnAViewersDownlinkIsThatViewersAlone() {
    try (var room = new Room()) {
      room.cem.down.loss(0.25);
      room.call.runUntil(20);
      room.assertSeen(QualityCause.VIEWER_DOWNLINK, room.cem);
      assertCause(QualityCause.VIEWER_DOWNLINK, room.cem, SOUND);
      room.assertSeen(QualityCause.NONE, room.dia);
      room.assertBobIsFine(room.dia);
      assertCause(QualityCause.NONE, room.ada, CAMERA);
    }
  }

  @Test
  void withoutFeedbackTheViewersReportsTell() {
    try (var call = new SimulatedCall()) {
      SimulatedPublisher ada = call.publisher("ada").enter();
      SimulatedViewer cem = call.viewer("cem");
      cem.enter(1, SimulatedPeer.WITHOUT_TRANSPORT_CC);
      call.runUntil(10);
      assertCause(QualityCause.NONE, cem, PICTURE);
      cem.down.loss(0.25);
      call.runUntil(20);
      assertCause(QualityCause.VIEWER_DOWNLINK, cem, PICTURE);
      cem.down.loss(0);
      call.runUntil(30);
      assertCause(QualityCause.NONE, cem, PICTURE);
      ada.up.loss(0.45);
      call.runUntil(40);
      assertCause(QualityCause.PUBLISHER_UPLINK, cem, PICTURE);
      assertCause(QualityCause.PUBLISHER_UPLINK, cem, SOUND);
    }
  }

  @Test
  void aNarrowDownlinkIsThatViewers() {
    try (var room = new Room()) {
      room.cem.down.rate(500_000);
      room.call.runUntil(25);
      room.assertSeen(QualityCause.VIEWER_DOWNLINK, room.cem);
      room.assertSeen(QualityCause.NONE, room.dia);
      room.assertBobIsFine(room.dia);
      assertCause(QualityCause.NONE, room.ada, CAMERA);
      room.cem.down.rate(10_000_000);
      room.call.runUntil(45);
      room.assertSeen(QualityCause.NONE, room.cem);
    }
  }

  @Test
  void aDownlinkThatIsCutIsThatViewers() {
    try (var room = new Room()) {
      room.cem.down.loss(1);
      room.cem.leave();
      room.call.runUntil(16);
      room.assertSeen(QualityCause.VIEWER_DOWNLINK, room.cem);
      assertCause(QualityCause.VIEWER_DOWNLINK, room.cem, SOUND);
      room.assertSeen(QualityCause.NONE, room.dia);
    }
  }

  /// What came in time is not shown, as its page says.
  @Test
  void aViewerShortOfCpuIsThatViewersDevice() {
    try (var room = new Room()) {
      var jerky = new Playback.Shown(new Mid(PICTURE), 400, 20, 8);
      for (int second = 10; second < 16; second += 2) {
        var report = new Playback(9, 4_000, false, List.of(jerky), List.of());
        room.call.room.handle(new RoomCommand.Report(room.cem.id, report), room.call.now());
        room.call.runUntil(second + 2);
      }
      room.assertSeen(QualityCause.VIEWER_DEVICE, room.cem);
      assertCause(QualityCause.NONE, room.cem, SOUND);
      room.assertBobIsFine(room.cem);
      room.assertSeen(QualityCause.NONE, room.dia);
      // It says nothing more.
      room.call.runUntil(22);
      room.assertSeen(QualityCause.NONE, room.cem);
    }
  }

  /// The page tells of a freeze when it is over: the network that caused it is well again by then.
  @Test
  void aFreezeIsNotLaidToTheDeviceAfterwards() {
    try (var room = new Room()) {
      room.ada.up.loss(0.4);
      room.call.runUntil(14);
      room.ada.up.loss(0);
      var frozen = new Playback.Shown(new Mid(PICTURE), 1_000, 20, 20);
      var report = new Playback(1, 3_000, false, List.of(frozen), List.of());
      room.call.runUntil(15.5);
      room.call.room.handle(new RoomCommand.Report(room.cem.id, report), room.call.now());
      room.call.runUntil(18);
      room.assertSeen(QualityCause.PUBLISHER_UPLINK, room.cem);
      assertEquals(0, counted(room.call, QualityCause.VIEWER_DEVICE));
    }
  }

  @Test
  void whatThePortRefusesIsTheServers() {
    try (var room = new Room()) {
      room.cem.acceptsGaps();
      room.dia.acceptsGaps();
      long[] seen = {0};
      room.call.port.refuse(datagram -> !SimulatedPeer.isRtcp(datagram) && seen[0]++ % 5 == 0);
      room.call.runUntil(18);
      room.assertSeen(QualityCause.SERVER, room.cem);
      assertCause(QualityCause.SERVER, room.dia, SOUND);
      assertCause(QualityCause.NONE, room.ada, CAMERA);
    }
  }

  @Test
  void aWorkerThatComesLateIsTheServer() {
    try (var room = new Room()) {
      room.call.tickMillis(400);
      room.call.runUntil(18);
      room.assertSeen(QualityCause.SERVER, room.dia);
      assertCause(QualityCause.SERVER, room.dia, SOUND);
    }
  }

  @Test
  void whatIsMutedOrNotLookedAtIsNotRated() {
    try (var room = new Room()) {
      mute(room, true);
      var soundOnly = new SeatView(0, room.ada.id, false, 0);
      var bob = new SeatView(1, room.bob.id, false, 720);
      room.call.room.handle(
          new RoomCommand.View(room.dia.id, List.of(soundOnly, bob)), room.call.now());
      room.call.runUntil(12);
      assertNull(told(room.cem, SOUND));
      assertNull(told(room.ada, MICROPHONE));
      assertNull(told(room.dia, PICTURE));
      room.assertSeen(QualityCause.NONE, room.cem);
      assertFalse(details(room, room.cem).quality().containsKey(new Mid(SOUND)));
      assertTrue(details(room, room.cem).quality().containsKey(new Mid(PICTURE)));
      mute(room, false);
      room.call.runUntil(20);
      assertCause(QualityCause.NONE, room.cem, SOUND);
      assertCause(QualityCause.NONE, room.ada, MICROPHONE);
    }
  }

  private static void mute(Room room, boolean muted) {
    room.call.room.handle(
        new RoomCommand.Mute(room.ada.id, new Mid(MICROPHONE), muted), room.call.now());
  }

  @Test
  void operatorsSeeTheLatestSecond() {
    try (var room = new Room()) {
      room.ada.cameraStopped(true);
      room.call.runUntil(15);
      Quality seen = details(room, room.cem).quality().get(new Mid(PICTURE));
      assertNotNull(seen);
      assertEquals(QualityCause.PUBLISHER_DEVICE, seen.cause());
      Quality sent = details(room, room.ada).quality().get(new Mid(CAMERA));
      assertNotNull(sent);
      assertEquals(QualityCause.PUBLISHER_DEVICE, sent.cause());
    }
  }

  private static ParticipantDetails details(Room room, SimulatedPeer peer) {
    return room.call.ask(RoomCommand.Participants::new).stream()
        .filter(each -> each.id().equals(peer.id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoWasAwayIsToldAnew() {
    try (var room = new Room()) {
      room.cem.events.clear();
      room.call.runUntil(15);
      assertEquals(0, tellings(room.cem), "nothing has changed");
      room.call.ask(
          (CompletableFuture<RoomSnapshot> result) ->
              new RoomCommand.Snapshot(room.cem.id, result));
      room.call.runUntil(18);
      assertEquals(4, tellings(room.cem));
    }
  }

  @Test
  void nobodyIsToldOftenerThanOnceASecond() {
    try (var room = new Room()) {
      room.ada.up.loss(0.15);
      room.cem.down.loss(0.1).jitter(60);
      room.cem.events.clear();
      room.call.runUntil(40);
      long messages =
          room.cem.events.stream().filter(RoomEvent.QualityChanged.class::isInstance).count();
      assertTrue(messages <= 30, messages + " in 30 s");
    }
  }
}
