package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.session.SignalingFixture.binding;
import static org.plenum.signaling.session.SignalingFixture.hello;
import static org.plenum.signaling.session.SignalingFixture.joined;
import static org.plenum.signaling.session.SignalingFixture.participant;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.signaling.config.ServerConfig;

class ResumeTest {
  private final SignalingFixture fixture = new SignalingFixture();

  @Test
  void goesOnWithTheSnapshotAndWhatComesAfterIt() throws Exception {
    var lost = fixture.join();
    lost.connection.onClosed();
    fixture.timers.advanceMillis(19_999);
    lost.hears(joined("bob"));
    fixture.room().others.add(participant("bob"));
    fixture.room().slots.add(binding("bob", 1));
    var client = fixture.connect();
    client.say(hello(lost.token, "keep"));
    var welcome = client.welcomed();
    client.hears(joined("eve"));
    assertTrue(welcome.get("resumed").asBoolean());
    assertEquals(lost.id, client.id);
    assertEquals(1, welcome.get("participants").size());
    assertEquals("camera", welcome.get("slots").get(0).get("source").asText());
    assertEquals("eve", client.socket.next("joined").get("participant").asText());
    fixture.timers.advanceMillis(60_000);
    assertFalse(fixture.room().calls.contains("leave SIGNALING_LOST"));
  }

  @Test
  void tellsWhatHappensAroundTheSnapshotExactlyOnce() throws Exception {
    var lost = fixture.join();
    lost.connection.onClosed();
    var snapshot = fixture.room().nextSnapshot = new CompletableFuture<>();
    var client = fixture.connect();
    Thread saying = Thread.startVirtualThread(() -> client.say(hello(lost.token, "keep")));
    while (!fixture.room().calls.contains("snapshot")) {
      Thread.onSpinWait();
    }
    lost.hears(joined("bob"));
    lost.hears(new RoomEvent.SlotBound(binding("bob", 4)));
    fixture.room().others.add(participant("bob"));
    fixture.room().slots.add(binding("bob", 4));
    RoomSnapshot taken = fixture.room().snapshot();
    lost.hears(joined("eve"));
    lost.hears(new RoomEvent.SlotBound(binding("eve", 5)));
    lost.hears(left("bob"));
    snapshot.complete(taken);
    assertEquals(1, client.welcomed().get("participants").size());
    assertEquals("eve", client.socket.next("joined").get("participant").asText());
    assertEquals(5, client.socket.next("slot").get("generation").asInt());
    assertEquals("bob", client.socket.next("left").get("participant").asText());
    saying.join();
    client.socket.assertNothingMore();
  }

  @Test
  void removesAParticipantThatDoesNotComeBack() throws Exception {
    var lost = fixture.join();
    lost.connection.onClosed();
    fixture.timers.advanceMillis(20_000);
    assertEquals("leave SIGNALING_LOST", fixture.room().calls.getLast());
    var client = fixture.connect();
    client.say(hello(lost.token, "keep"));
    assertFalse(client.welcomed().get("resumed").asBoolean());
    assertNull(fixture.room().joins.getLast().replaces());
  }

  @Test
  void afterARestartEverybodyIsWhoTheyWere() throws Exception {
    var before = new SignalingFixture().join();
    for (String media : List.of("keep", "new")) {
      InstantSource later = () -> Instant.now().plusSeconds(1);
      var client = new SignalingFixture(ServerConfig.forTests(), later).connect();
      client.say(hello(before.token, media));
      assertFalse(client.welcomed().get("resumed").asBoolean());
      assertEquals(before.id, client.id);
    }
  }

  @Test
  void nobodyChoosesAnIdByATokenThatIsNoneOfOurs() throws Exception {
    for (String token : List.of("x", "x".repeat(31), "x".repeat(33), ".".repeat(32))) {
      var client = fixture.connect();
      client.say(hello(token, "keep"));
      client.welcomed();
      assertNotEquals(token, client.token);
    }
  }

  @Test
  void aReloadReplacesTheOldSelfInOneStep() throws Exception {
    var old = fixture.join();
    var client = fixture.connect();
    client.say(hello(old.token, "new"));
    assertFalse(client.welcomed().get("resumed").asBoolean());
    assertEquals(old.id, fixture.room().joins.getLast().replaces());
    assertEquals("replaced", old.socket.next("bye").get("reason").asText());
    assertEquals(1000, old.socket.closeCode());
    assertEquals(1, fixture.signaling.sessionCount());
    old.connection.onClosed();
    fixture.timers.advanceMillis(60_000);
    assertEquals(1, fixture.signaling.sessionCount());
  }

  @Test
  void aSecondSocketTakesTheSessionFromTheFirst() throws Exception {
    var first = fixture.join();
    var second = fixture.connect();
    second.say(hello(first.token, "keep"));
    second.welcomed();
    assertEquals(1000, first.socket.closeCode());
    first.connection.onClosed();
    fixture.timers.advanceMillis(60_000);
    second.hears(joined("bob"));
    assertEquals("bob", second.socket.next("joined").get("participant").asText());
    first.socket.assertNothingMore();
  }

  @Test
  void startsAnewWhenTheRoomDoesNotKnowTheParticipantAnyMore() throws Exception {
    var lost = fixture.join();
    lost.connection.onClosed();
    fixture.room().nextSnapshot =
        CompletableFuture.failedFuture(
            new RefusedException(RefusedException.Reason.UNKNOWN_PARTICIPANT, "gone"));
    var client = fixture.connect();
    client.say(hello(lost.token, "keep"));
    assertFalse(client.welcomed().get("resumed").asBoolean());
    assertEquals(1, fixture.signaling.sessionCount());
  }

  @Test
  void forgetsASessionThatTheRoomRemovesWhileItsClientIsAway() throws Exception {
    var lost = fixture.join();
    lost.connection.onClosed();
    lost.hears(new RoomEvent.Removed(LeaveReason.MEDIA_LOST));
    assertEquals(0, fixture.signaling.sessionCount());
    var client = fixture.connect();
    client.say(hello(lost.token, "keep"));
    assertFalse(client.welcomed().get("resumed").asBoolean());
  }

  @Test
  void goingToAnotherRoomLeavesTheFirst() throws Exception {
    var old = fixture.join();
    FakeRoom first = fixture.room();
    var client = fixture.connect();
    client.say(hello(old.token, "keep").replace("blue", "green"));
    assertFalse(client.welcomed().get("resumed").asBoolean());
    assertEquals("leave LEFT", first.calls.getLast());
    assertEquals(2, fixture.rooms.size());
  }

  private static RoomEvent left(String id) {
    return new RoomEvent.ParticipantLeft(new ParticipantId(id), LeaveReason.LEFT);
  }
}
