package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.SfuClient;

/// Rooms on several workers, over real sockets and with real threads.
class SpreadRoomTest {
  private static final Mid AUDIO = SfuClient.audioMid(0);
  private static final Mid VIDEO = SfuClient.videoMid(0);
  private Sfu sfu;

  @BeforeEach
  void start() {
    var config = new SfuConfig(2, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO);
    sfu = Sfu.start(config.withSpread(1));
  }

  @AfterEach
  void stop() {
    assertEquals(0, sfu.counters().value(SfuCounter.ROOMS_FAILED));
    sfu.close();
  }

  private long participantsOf(int worker) {
    return sfu.counters().workers().get(worker).value(Gauge.PARTICIPANTS);
  }

  private static void send(SfuClient client) {
    client.audio.intervalMillis = 20;
    client.video.intervalMillis = 20;
  }

  @Test
  void mediaPassesBetweenWorkers() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      assertEquals(1, participantsOf(0));
      assertEquals(1, participantsOf(1));
      assertEquals(1, sfu.counters().value(Gauge.ROOMS));
      assertEquals(1, sfu.counters().value(Gauge.BRANCHES));
      send(alice);
      send(bob);
      for (SfuClient client : List.of(alice, bob)) {
        call.await(
            "60 packets each at " + client.id,
            () -> client.stream(AUDIO).count() >= 60 && client.stream(VIDEO).count() >= 60);
        assertEquals(0, client.stream(VIDEO).missing() + client.stream(VIDEO).duplicates);
        assertEquals(0, client.stream(AUDIO).missing() + client.stream(AUDIO).duplicates);
        assertTrue(client.stream(VIDEO).first().descriptor().isKeyFrameStart());
      }
      assertEquals(0, sfu.counters().value(SfuCounter.RELAYED_PACKETS_DROPPED));
      bob.stream(VIDEO).losePackets = 3;
      call.await("what was lost", () -> bob.stream(VIDEO).retransmitted >= 3);
    }
  }

  @Test
  void everybodyIsKnownWithAllThereIsToKnow() {
    try (var call = new Call(sfu)) {
      call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      List<ParticipantDetails> all = call.get(call.room.participants());
      assertEquals(List.of("alice", "bob"), all.stream().map(each -> each.id().value()).toList());
      for (ParticipantDetails each : all) {
        assertEquals(TransportState.CONNECTED, each.transport());
        assertEquals(2, each.tracks().size());
        assertNotNull(each.remote());
      }
      ParticipantDetails muted =
          call.get(call.room.silence(bob.id, Set.of(TrackSource.MICROPHONE)));
      assertEquals(Set.of(TrackSource.MICROPHONE), muted.silenced());
      assertEquals(TransportState.CONNECTED, muted.transport());
      assertEquals(1, call.get(call.room.silences()).size());
      assertEquals(1, call.get(call.room.send(new ParticipantId("alice"), null, "chat", "hello")));
      call.await(
          "the message",
          () -> bob.events.stream().anyMatch(RoomEvent.MessageReceived.class::isInstance));
    }
  }

  /// Those who only watch are the first to go elsewhere, and take nobody's place.
  @Test
  void whoOnlyWatchesGoesFirst() throws Exception {
    RoomHandle room = sfu.openRoom(new RoomId("many"), RoomSettings.DEFAULT, _ -> {});
    join(room, "watcher-1", true);
    join(room, "ada", false);
    assertEquals(2, participantsOf(0), "a watcher takes no publisher's place");
    for (int i = 2; i < 4; i++) {
      join(room, "watcher-" + i, true);
    }
    assertEquals(2, participantsOf(0));
    assertEquals(2, participantsOf(1));
    RoomSnapshot snapshot = room.snapshot(new ParticipantId("watcher-3")).get(10, TimeUnit.SECONDS);
    assertEquals(1, snapshot.participants().size());
    assertEquals(2, snapshot.hiddenCount(), "beside this one");
    room.close();
  }

  @Test
  void whatTheRoomRefusesItRefusesForAllItsParts() throws Exception {
    var settings = RoomSettings.DEFAULT.withParticipants(3);
    RoomHandle room = sfu.openRoom(new RoomId("full"), settings, _ -> {});
    for (int i = 0; i < 3; i++) {
      join(room, "p" + i, false);
    }
    assertRefused(RefusedException.Reason.ROOM_FULL, room, "p3");
    assertRefused(RefusedException.Reason.DUPLICATE_PARTICIPANT, room, "p1");
    // Whoever leaves makes room, and may come again at once under the same name.
    room.leave(new ParticipantId("p1"), LeaveReason.LEFT);
    join(room, "p1", false);
    room.snapshot(new ParticipantId("p1")).get(10, TimeUnit.SECONDS);
    room.lock(true);
    room.leave(new ParticipantId("p2"), LeaveReason.LEFT);
    assertRefused(RefusedException.Reason.ROOM_LOCKED, room, "p4");
    room.close();
  }

  @Test
  void thousandsComeAndGoAndNobodyIsLeft() throws Exception {
    List<String> observed = java.util.Collections.synchronizedList(new ArrayList<>());
    var observer =
        new RoomObserver() {
          @Override
          public void onClosed(RoomId room) {
            observed.add("closed");
          }

          @Override
          public void onJoined(RoomId room, ParticipantDetails participant) {
            observed.add("+" + participant.id());
          }

          @Override
          public void onLeft(RoomId room, ParticipantDetails participant, LeaveReason reason) {
            observed.add("-" + participant.id());
          }
        };
    RoomHandle room = sfu.openRoom(new RoomId("busy"), RoomSettings.DEFAULT, observer);
    for (int round = 0; round < 200; round++) {
      for (int i = 0; i < 6; i++) {
        join(room, "p" + i, i % 2 == 0);
      }
      for (int i = 0; i < 6; i++) {
        room.leave(new ParticipantId("p" + i), LeaveReason.LEFT);
      }
    }
    assertEquals(0, room.participants().get(10, TimeUnit.SECONDS).size());
    room.close();
    while (!observed.contains("closed")) {
      Thread.onSpinWait();
    }
    assertEquals(1_200, observed.stream().filter(each -> each.startsWith("+")).count());
    assertEquals(1_200, observed.stream().filter(each -> each.startsWith("-")).count());
    // A branch is closed by a message, and that by its worker.
    while (sfu.counters().value(Gauge.BRANCHES) > 0 || sfu.counters().value(Gauge.ROOMS) > 0) {
      Thread.onSpinWait();
    }
    assertEquals(0, sfu.counters().value(Gauge.PARTICIPANTS));
  }

  @Test
  void everyPacketHasOneVerdictAtEachSlot() {
    try (var call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      send(alice);
      call.await("a picture", () -> bob.stream(VIDEO).count() > 100);
      alice.audio.intervalMillis = 0;
      alice.video.intervalMillis = 0;
      // Each packet is offered to one slot, which is bob's, on the other worker.
      call.await(
          "an end",
          () -> {
            long sent = sfu.counters().value(SfuCounter.RELAYED_PACKETS_SENT);
            long taken =
                sfu.counters().value(SfuCounter.RELAYED_PACKETS_RECEIVED)
                    + sfu.counters().value(SfuCounter.RELAYED_PACKETS_UNUSED);
            long verdicts =
                Arrays.stream(EgressVerdict.values()).mapToLong(sfu.counters()::value).sum();
            return sent == taken
                && verdicts == sfu.counters().value(SfuCounter.RELAYED_PACKETS_RECEIVED);
          });
    }
  }

  private static void join(RoomHandle room, String name, boolean hidden) throws Exception {
    room.join(new JoinRequest(new ParticipantId(name), name, hidden, null), _ -> {})
        .get(10, TimeUnit.SECONDS);
  }

  private static void assertRefused(RefusedException.Reason reason, RoomHandle room, String name) {
    var request = new JoinRequest(new ParticipantId(name), name, false, null);
    var refusal = assertThrows(CompletionException.class, () -> room.join(request, _ -> {}).join());
    assertEquals(reason, ((RefusedException) refusal.getCause()).reason());
  }
}
