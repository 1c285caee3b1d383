package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.srtp.SrtpProfile;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.MediaSource;
import org.plenum.sfu.testclient.ReceivedPacket;
import org.plenum.sfu.testclient.ReceivedStream;
import org.plenum.sfu.testclient.SfuClient;

/// The SFU as a library: started, joined and used over real sockets, with no HTTP, no JSON and no
/// SDP anywhere.
class EmbeddedSfuTest {
  private static final Mid AUDIO = SfuClient.audioMid(0);
  private static final Mid VIDEO = SfuClient.videoMid(0);
  private static Sfu sfu;

  @BeforeAll
  static void start() {
    sfu = Sfu.start(new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO));
  }

  @AfterAll
  static void stop() {
    sfu.close();
  }

  @AfterEach
  void nothingFailed() {
    assertEquals(0, sfu.counters().value(SfuCounter.ROOMS_FAILED));
  }

  @Test
  void noWebServerIsNeeded() {
    for (String name : List.of("org.eclipse.jetty.server.Server", "org.plenum.signaling.Main")) {
      assertThrows(ClassNotFoundException.class, () -> Class.forName(name), name);
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void soundAndPicturePassFromOneParticipantToTheOther(SrtpProfile profile) {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first().with(profile));
      SfuClient bob = call.join("bob", ClientSetup.second().with(profile));
      send(alice);
      ReceivedStream sound = bob.stream(AUDIO);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("60 packets each", () -> sound.count() >= 60 && picture.count() >= 60);

      assertEquals(0, sound.missing() + sound.duplicates);
      assertEquals(0, picture.missing() + picture.duplicates);
      assertTrue(picture.first().sequenceNumber() <= 1 << 15, "roll-over counter surely 0");
      assertTrue(sound.packets().stream().allMatch(p -> p.payloadType() == 109));
      assertTrue(picture.packets().stream().allMatch(p -> p.payloadType() == 120));
      assertEquals(1, timestampOffsets(sound, alice.audio).size(), "one offset for all");
      assertEquals(1, timestampOffsets(picture, alice.video).size(), "one offset for all");
      assertPictureNumbersRunOn(picture, alice.video);
      assertTrue(picture.first().descriptor().isKeyFrameStart());
    }
  }

  @Test
  void headerExtensionsComeUnderTheViewersIds() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      call.await("a picture", () -> bob.stream(VIDEO).count() > 20);
      call.await("sound", () -> bob.stream(AUDIO).count() > 20);

      Map<Integer, byte[]> picture = bob.stream(VIDEO).first().extensions();
      assertArrayEquals(new byte[] {3}, picture.get(20));
      assertArrayEquals(new byte[] {0, 16, 32}, picture.get(12));
      assertArrayEquals(ascii("v0"), picture.get(9));
      assertEquals(Set.of(7, 8, 9, 12, 20), picture.keySet());
      Map<Integer, byte[]> sound = bob.stream(AUDIO).first().extensions();
      assertArrayEquals(new byte[] {(byte) (0x80 | 30)}, sound.get(14));
      assertEquals(Set.of(7, 8, 9, 14), sound.keySet());
      assertFalse(java.util.Arrays.equals(new byte[] {1, 2, 3}, sound.get(8)), "our own send time");
    }
  }

  @Test
  void midIsSentUntilTheFirstReceiverReport() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.enter("bob", ClientSetup.second());
      bob.reports = false;
      call.negotiate(bob);
      send(alice);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 50);
      assertTrue(picture.packets().stream().allMatch(p -> hasMid(bob, p)));
      bob.reports = true;
      call.await("no MID any more", () -> !hasMid(bob, picture.last()));
    }
  }

  @Test
  void aKeyFrameIsAskedForUntilItComes() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      alice.video.makesKeyFrames = false;
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      call.await("requests repeated", () -> alice.video.keyFrameRequests >= 3);
      assertTrue(bob.stream(VIDEO).isEmpty(), "nothing before the key frame");
      alice.video.makesKeyFrames = true;
      call.await("a picture", () -> bob.stream(VIDEO).count() > 30);
      assertTrue(bob.stream(VIDEO).first().descriptor().isKeyFrameStart());
      int requests = alice.video.keyFrameRequests;
      call.awaitFrames(alice.video, 40);
      assertEquals(requests, alice.video.keyFrameRequests, "none after it came");
      bob.sendPictureLossIndication(bob.stream(VIDEO).ssrc);
      call.await("the viewer's request", () -> alice.video.keyFrameRequests > requests);
    }
  }

  @Test
  void aViewersNackIsAnsweredByRetransmission() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 20);
      picture.losePackets = 4;
      call.await("a gap", () -> picture.losePackets == 0 && picture.missing() > 0);
      call.await("it is filled", () -> picture.missing() == 0);
      List<ReceivedPacket> again =
          picture.packets().stream().filter(ReceivedPacket::retransmitted).toList();
      assertEquals(4, again.size());
      assertTrue(again.stream().allMatch(packet -> packet.payloadType() == 124));
      assertEquals(1, timestampOffsets(picture, alice.video).size());
      assertPictureNumbersRunOn(picture, alice.video);
    }
  }

  @Test
  void aPacketLostOnTheWayInIsAskedForAndPassedOn() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      bob.nacks = false;
      send(alice);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 20);
      alice.video.losePackets = 3;
      call.await("asked for", () -> alice.video.nacked >= 3);
      call.await("no gap", () -> picture.count() > 60 && picture.missing() == 0);
      assertPictureNumbersRunOn(picture, alice.video);
    }
  }

  @Test
  void publishersGetFeedbackAndReports() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      call.await(
          "transport-cc for what was sent",
          () -> alice.transportCcMessages >= 3 && alice.transportCcPackets >= 30);
      call.await(
          "a receiver report that knows our sender report",
          () ->
              alice.reportBlocks.stream()
                  .anyMatch(
                      block -> block.ssrc() == alice.video.ssrc && block.lastSenderReport() != 0));
      assertTrue(alice.reportBlocks.stream().allMatch(block -> block.cumulativeLost() == 0));
    }
  }

  @Test
  void senderReportsAreMappedIntoTheSlotsClocks() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      ReceivedStream sound = bob.stream(AUDIO);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await(
          "reports", () -> sound.senderReports.size() >= 2 && picture.senderReports.size() >= 2);
      long soundNanos = playoutMinusSending(sound, alice.audio, 48_000);
      long pictureNanos = playoutMinusSending(picture, alice.video, 90_000);
      assertEquals(soundNanos, pictureNanos, 150e6, "lips in sync");
      long ours = System.currentTimeMillis() * 1_000_000L - System.nanoTime();
      assertEquals(ours, soundNanos, 2e9, "by our clock, not by the publisher's");
    }
  }

  @Test
  void everyFrameArrivesAtFivePercentLossEachWay() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 20);
      alice.loss = 0.05;
      bob.loss = 0.05;
      int first = alice.video.frames().size();
      call.awaitFrames(alice.video, 100);
      int last = alice.video.frames().size() - 1;
      List<Integer> wanted = IntStream.rangeClosed(first, last).boxed().toList();
      call.await(
          "every frame is complete",
          () -> picture.completeFrames(alice.video.ssrc).containsAll(wanted));
      assertTrue(picture.retransmitted > 0 && alice.video.nacked > 0, "some were lost each way");
    }
  }

  @Test
  void rebindingRunsOnAndStartsWithAKeyFrame() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      SfuClient carol = call.join("carol", ClientSetup.second().withoutMedia());
      send(alice);
      send(bob);
      call.room.view(carol.id, List.of(new SeatView(0, alice.id, false, 360)));
      ReceivedStream picture = carol.stream(VIDEO);
      ReceivedStream sound = carol.stream(AUDIO);
      call.await("alice", () -> isFrom(alice.video, picture) && isFrom(alice.audio, sound));
      call.await("reports have gone", () -> !hasMid(carol, picture.last()));
      call.room.view(carol.id, List.of(new SeatView(0, bob.id, false, 360)));
      call.await("bob", () -> isFrom(bob.video, picture) && isFrom(bob.audio, sound));
      assertEquals(bob.id, carol.binding(VIDEO).participant());
      assertEquals(bob.id, carol.binding(AUDIO).participant());

      call.await("no gap", () -> picture.missing() == 0);
      ReceivedPacket first = firstFrom(bob.video, picture);
      assertTrue(first.descriptor().isKeyFrameStart());
      assertTrue(hasMid(carol, first), "MID again after a rebinding");
      ReceivedPacket before = before(first, picture);
      assertEquals(alice.video.ssrc, before.tag().source(), "the old track until the key frame");
      assertEquals(before.descriptor().pictureId() + 1 & 0x7FFF, first.descriptor().pictureId());
      assertEquals(before.descriptor().tl0PicIdx() + 1 & 0xFF, first.descriptor().tl0PicIdx());
      int step = first.timestamp() - before.timestamp();
      long passedMillis = (first.arrivalNanos() - before.arrivalNanos()) / 1_000_000;
      assertTrue(step > 0 && step < 90 * (passedMillis + 1000), "by the time that passed: " + step);
      assertTrue(
          picture.packets().stream()
              .filter(packet -> packet.sequenceNumber() > first.sequenceNumber())
              .allMatch(packet -> packet.tag().source() == bob.video.ssrc),
          "no packet of the old track after it");
    }
  }

  @Test
  void whoLeavesIsTakenOffTheSlots() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      call.await("bound", () -> bob.binding(VIDEO) != null && bob.binding(AUDIO) != null);
      call.room.leave(alice.id, LeaveReason.LEFT);
      call.await("left", () -> Call.first(bob, RoomEvent.ParticipantLeft.class) != null);
      call.await("unbound", () -> bob.binding(VIDEO).participant() == null);
      assertEquals(2, bob.binding(VIDEO).generation());
      assertNull(bob.binding(AUDIO).track());
      call.await("told", () -> Call.first(alice, RoomEvent.Removed.class) != null);
      assertEquals(
          List.of(),
          call.get(call.room.snapshot(bob.id)).slots().stream()
              .filter(slot -> slot.participant() != null)
              .toList());
    }
  }

  @Test
  void eventsComeInOrder() {
    try (var call = new Call(sfu)) {
      SfuClient bob = call.join("bob", ClientSetup.second().withoutMedia());
      SfuClient alice = call.join("alice", ClientSetup.first());
      call.room.mute(alice.id, new Mid("1"), true);
      call.room.leave(alice.id, LeaveReason.LEFT);
      call.await("the end", () -> Call.first(bob, RoomEvent.ParticipantLeft.class) != null);
      call.await("unbound", () -> bob.binding(VIDEO).participant() == null);
      List<String> kinds =
          bob.events.stream().map(event -> event.getClass().getSimpleName()).toList();
      assertEquals(
          List.of(
              "TransportStateChanged",
              "ParticipantJoined",
              "TrackPublished",
              "TrackPublished",
              "SlotBound",
              "SlotBound",
              "TrackPublished",
              "ParticipantLeft",
              "SlotBound",
              "SlotBound"),
          kinds);
    }
  }

  @Test
  void aFullRoomRefusesAndAClosedOneToo() {
    var settings =
        new RoomSettings(
            2, 8, 128, 60_000_000_000L, 10_000_000_000L, RoomSettings.DEFAULT.codecs());
    try (var call = new Call(sfu, settings)) {
      SfuClient alice = call.enter("alice", ClientSetup.first());
      call.enter("bob", ClientSetup.second());
      assertRefused(
          RefusedException.Reason.ROOM_FULL, () -> call.enter("carol", ClientSetup.first()));
      call.room.close();
      call.await("closed", call.room::isClosed);
      assertEquals(
          new RoomEvent.Removed(LeaveReason.CLOSED), Call.first(alice, RoomEvent.Removed.class));
      assertRefused(
          RefusedException.Reason.ROOM_CLOSED, () -> call.enter("dave", ClientSetup.first()));
    }
  }

  @Test
  void anIceRestartKeepsMediaFlowing() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 20);
      long handshakes = sfu.counters().dtls().started();
      for (SfuClient client : List.of(alice, bob)) {
        var before = client.answer().ice();
        client.renewCredentials();
        call.negotiate(client);
        assertFalse(before.equals(client.answer().ice()), "new credentials of ours too");
        int responses = client.responses();
        call.await("checks are answered", () -> client.responses() > responses + 2);
      }
      int frames = picture.completeFrames(alice.video.ssrc).size();
      call.await(
          "the picture goes on",
          () -> picture.completeFrames(alice.video.ssrc).size() > frames + 20);
      assertEquals(0, picture.missing());
      assertEquals(handshakes, sfu.counters().dtls().started(), "DTLS is kept");
    }
  }

  @Test
  void aClientThatChangesItsAddressIsFollowed() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 20);
      alice.moveToNewSocket();
      bob.moveToNewSocket();
      int first = alice.video.frames().size() + 10;
      call.awaitFrames(alice.video, 40);
      int last = alice.video.frames().size() - 1;
      List<Integer> wanted = IntStream.rangeClosed(first, last).boxed().toList();
      call.await(
          "the picture goes on",
          () -> picture.completeFrames(alice.video.ssrc).containsAll(wanted));
    }
  }

  @Test
  void anEgressVerdictIsGivenForEachPacketAtEachBoundSlot() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      alice.video.makesKeyFrames = false;
      SfuClient bob = call.join("bob", ClientSetup.second().withoutMedia());
      SfuClient carol = call.join("carol", ClientSetup.first().withoutMedia());
      SfuClient dave = call.enter("dave", ClientSetup.first().withoutMedia());
      dave.checks(false);
      call.negotiate(dave);
      call.await("dave's slots are bound", () -> dave.binding(VIDEO) != null);
      long packets = sfu.counters().value(IngressVerdict.RTP_ACCEPTED);
      Map<EgressVerdict, Long> before = egress();
      send(alice);
      call.awaitFrames(alice.video, 10);
      alice.video.makesKeyFrames = true;
      call.await("bob sees", () -> bob.stream(VIDEO).count() > 20);
      call.await("carol sees", () -> carol.stream(VIDEO).count() > 20);
      alice.audio.intervalMillis = 0;
      alice.video.intervalMillis = 0;
      int sent = alice.audio.packetsSent() + alice.video.packetsSent();
      call.await(
          "all have come in",
          () -> sfu.counters().value(IngressVerdict.RTP_ACCEPTED) == packets + sent);
      call.await(
          "a verdict for each at each of three", () -> sum(egress()) >= sum(before) + 3L * sent);
      Map<EgressVerdict, Long> after = egress();
      assertEquals(3L * sent, sum(after) - sum(before));
      for (EgressVerdict verdict :
          List.of(EgressVerdict.FORWARDED, EgressVerdict.PAUSED, EgressVerdict.AWAITING_KEYFRAME)) {
        assertTrue(after.get(verdict) > before.get(verdict), verdict.name());
      }
    }
  }

  private static Map<EgressVerdict, Long> egress() {
    Map<EgressVerdict, Long> values = new java.util.EnumMap<>(EgressVerdict.class);
    for (EgressVerdict verdict : EgressVerdict.values()) {
      values.put(verdict, sfu.counters().value(verdict));
    }
    return values;
  }

  private static long sum(Map<EgressVerdict, Long> verdicts) {
    return verdicts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void send(SfuClient client) {
    client.audio.intervalMillis = 20;
    client.video.intervalMillis = 20;
  }

  private static boolean isFrom(MediaSource source, ReceivedStream stream) {
    return !stream.isEmpty() && stream.last().tag().source() == source.ssrc;
  }

  private static ReceivedPacket firstFrom(MediaSource source, ReceivedStream stream) {
    return stream.packets().stream()
        .filter(packet -> packet.tag().source() == source.ssrc)
        .findFirst()
        .orElseThrow();
  }

  private static ReceivedPacket before(ReceivedPacket packet, ReceivedStream stream) {
    return stream.packets().stream()
        .filter(other -> other.sequenceNumber() == packet.sequenceNumber() - 1)
        .findFirst()
        .orElseThrow();
  }

  private static boolean hasMid(SfuClient viewer, ReceivedPacket packet) {
    return packet.extensions().containsKey(viewer.setup.id(HeaderExtension.MID));
  }

  private static Set<Integer> timestampOffsets(ReceivedStream stream, MediaSource source) {
    return stream.packets().stream()
        .map(packet -> packet.timestamp() - source.frames().get(packet.tag().frame()).timestamp())
        .collect(java.util.stream.Collectors.toSet());
  }

  private static void assertPictureNumbersRunOn(ReceivedStream stream, MediaSource source) {
    Set<Integer> pictureIds = new java.util.HashSet<>();
    Set<Integer> layerIndexes = new java.util.HashSet<>();
    for (ReceivedPacket packet : stream.packets()) {
      MediaSource.Frame frame = source.frames().get(packet.tag().frame());
      pictureIds.add(packet.descriptor().pictureId() - frame.pictureId() & 0x7FFF);
      layerIndexes.add(packet.descriptor().tl0PicIdx() - frame.tl0PicIdx() & 0xFF);
    }
    assertEquals(1, pictureIds.size(), "one offset of picture ids");
    assertEquals(1, layerIndexes.size(), "one offset of TL0PICIDX");
  }

  /// When the latest packet is to be played by the sender reports, minus when it was sent.
  private static long playoutMinusSending(
      ReceivedStream stream, MediaSource source, int clockRate) {
    ReceivedStream.SenderReport report = stream.senderReports.getLast();
    ReceivedPacket packet = stream.last();
    long units = packet.timestamp() - report.rtpTimestamp();
    long playout = NtpTime.toEpochNanos(report.ntp()) + units * 1_000_000_000L / clockRate;
    return playout - source.frames().get(packet.tag().frame()).sentNanos();
  }

  private static void assertRefused(RefusedException.Reason reason, Runnable call) {
    var failure = assertThrows(CompletionException.class, call::run);
    var refusal = (RefusedException) failure.getCause();
    assertNotNull(refusal);
    assertEquals(reason, refusal.reason());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
