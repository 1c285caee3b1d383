package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.ParticipantStatistics.LayerStatistics;
import org.plenum.sfu.ParticipantStatistics.SlotStatistics;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.embed.SfuCounters;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.ReceivedStream;
import org.plenum.sfu.testclient.SfuClient;

/// What a room says it counted is what its clients sent and received.
class StatisticsTest {
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

  @Test
  void whatWasSentIsCountedAtBothEnds() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      alice.video.intervalMillis = 33;
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 20);
      alice.video.losePackets = 2;
      picture.losePackets = 3;
      call.await(
          "no gap",
          () -> alice.video.nacked >= 2 && picture.retransmitted >= 3 && picture.missing() == 0);
      bob.sendPictureLossIndication(picture.ssrc);
      int requests = alice.video.keyFrameRequests;
      call.await("a key frame is asked for", () -> alice.video.keyFrameRequests > requests);
      call.await("it comes", () -> alice.video.frames().getLast().key());
      alice.video.intervalMillis = 0;
      call.await("all came", () -> picture.count() == alice.video.packetsSent());

      LayerStatistics sent = statistics(call, "alice").layers().getFirst();
      assertEquals(TrackSource.CAMERA, sent.source());
      assertEquals(CodecName.VP8, sent.codec());
      assertEquals(alice.video.packetsSent(), sent.packets());
      assertEquals(0, sent.lost());
      assertTrue(sent.recovered() >= 2 && sent.nacks() >= sent.recovered(), sent.toString());
      assertEquals(alice.video.keyFrameRequests, sent.keyFrameRequests());

      SlotStatistics received = slot(call, "bob");
      assertEquals(sent.track(), received.track());
      assertEquals(alice.id, received.publisher());
      assertEquals(sent.packets(), received.packets());
      assertEquals(sent.bytes(), received.bytes());
      // A probe for bandwidth, which repeats what was sent lately, may have mended the others.
      assertTrue(received.retransmitted() >= 1, received.toString());
      assertTrue(received.nacks() >= received.retransmitted(), received.toString());
      assertEquals(1, received.keyFrameRequests());
    }
  }

  @Test
  void aReceiversReportIsPassedOn() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.enter("bob", ClientSetup.second());
      bob.reports = false;
      call.negotiate(bob);
      alice.video.intervalMillis = 33;
      call.await("a picture", () -> bob.stream(VIDEO).count() > 5);
      assertNull(slot(call, "bob").report());
      bob.reports = true;
      call.await("a report", () -> slot(call, "bob").report() != null);
    }
  }

  @Test
  void mediaIsCountedByCodecAndClientsByPath() {
    SfuCounters counters = sfu.counters();
    long vp8In = counters.receivedBytes(CodecName.VP8);
    long vp8Out = counters.sentBytes(CodecName.VP8);
    long opusIn = counters.receivedBytes(CodecName.OPUS);
    long opusOut = counters.sentBytes(CodecName.OPUS);
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      call.await("two by UDP", () -> counters.value(PathKind.UDP) == 2);
      alice.video.intervalMillis = 33;
      call.await("a picture", () -> bob.stream(VIDEO).count() > 20);
      assertTrue(counters.receivedBytes(CodecName.VP8) > vp8In);
      assertTrue(counters.sentBytes(CodecName.VP8) > vp8Out);
      alice.video.intervalMillis = 0;
      assertEquals(opusIn, counters.receivedBytes(CodecName.OPUS));
      alice.audio.intervalMillis = 20;
      call.await("sound", () -> counters.sentBytes(CodecName.OPUS) > opusOut);
      assertTrue(counters.receivedBytes(CodecName.OPUS) > opusIn);
      assertEquals(0, counters.receivedBytes(CodecName.VP9) + counters.sentBytes(CodecName.VP9));

      call.room.report(bob.id, new Playback(2, 1500, true));
      call.await("bob by a relay", () -> counters.value(PathKind.RELAY) == 1);
      ParticipantDetails details =
          call.get(call.room.participants()).stream()
              .filter(each -> each.id().equals(bob.id))
              .findFirst()
              .orElseThrow();
      assertEquals(PathKind.RELAY, details.path());
      assertEquals(new Playback(2, 1500, true), details.playback());
      assertEquals(1, counters.value(PathKind.UDP));
      call.room.leave(bob.id, LeaveReason.LEFT);
      call.await("bob to be gone", () -> counters.value(PathKind.RELAY) == 0);
      assertEquals(1, counters.value(PathKind.UDP));
    }
  }

  @Test
  void whoIsNotInTheRoomIsRefused() {
    try (var call = new Call(sfu)) {
      var refused = assertThrows(CompletionException.class, () -> statistics(call, "nobody"));
      assertEquals(
          RefusedException.Reason.UNKNOWN_PARTICIPANT,
          ((RefusedException) refused.getCause()).reason());
    }
  }

  private static SlotStatistics slot(Call call, String who) {
    return statistics(call, who).slots().stream()
        .filter(slot -> slot.mid().equals(VIDEO))
        .findFirst()
        .orElseThrow();
  }

  private static ParticipantStatistics statistics(Call call, String who) {
    return call.get(call.room.statistics(new ParticipantId(who)));
  }
}
