package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.session.SignalingFixture.binding;
import static org.plenum.signaling.session.SignalingFixture.hello;
import static org.plenum.signaling.session.SignalingFixture.joined;
import static org.plenum.signaling.session.SignalingFixture.participant;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.TransportState;

class SignalingSessionTest {
  private static final String OFFER = "{\"type\":\"offer\",\"id\":7,\"sdp\":\"good\"}";

  private final SignalingFixture fixture = new SignalingFixture();

  @Test
  void answersAnOffer() throws Exception {
    var client = fixture.join();
    client.say(OFFER);
    var answer = client.socket.next("answer");
    assertEquals(7, answer.get("id").asInt());
    assertEquals("answer to good", answer.get("sdp").asText());
  }

  @Test
  void sendsTheAnswerBeforeWhatHappensToItsSlots() throws Exception {
    var client = fixture.join();
    var answer = fixture.room().nextAnswer = new CompletableFuture<>();
    Thread saying = Thread.startVirtualThread(() -> client.say(OFFER));
    while (!fixture.room().calls.contains("negotiate")) {
      Thread.onSpinWait();
    }
    client.hears(new RoomEvent.SlotBound(binding("bob", 1)));
    answer.complete(TestTransports.ANSWER);
    client.socket.next("answer");
    client.socket.next("slot");
    saying.join();
  }

  @Test
  void namesWhatIsWrongWithAnOffer() throws Exception {
    var client = fixture.join();
    client.say(OFFER.replace("good", "bad"));
    var error = client.socket.next("error");
    assertEquals("invalid-offer", error.get("code").asText());
    assertEquals("a=setup", error.get("field").asText());
    assertEquals(7, error.get("id").asInt());
    assertFalse(error.get("fatal").asBoolean());
  }

  @Test
  void passesOnWhyTheRoomRefusesAnOffer() throws Exception {
    var client = fixture.join();
    fixture.room().nextAnswer =
        CompletableFuture.failedFuture(
            new RefusedException(RefusedException.Reason.INVALID_OFFER, "another certificate"));
    client.say(OFFER);
    assertEquals("another certificate", client.socket.next("error").get("message").asText());
    client.hears(joined("bob"));
    client.socket.next("joined");
  }

  @Test
  void closesTheSocketWhenWeFail() throws Exception {
    var client = fixture.join();
    fixture.room().nextAnswer = CompletableFuture.failedFuture(new IllegalStateException("a bug"));
    client.say(OFFER);
    var error = client.socket.next("error");
    assertEquals("internal", error.get("code").asText());
    assertFalse(error.get("message").asText().contains("bug"));
    assertEquals(1011, client.socket.closeCode());
  }

  @Test
  void saysWhatTheRoomHasCounted() throws Exception {
    var client = fixture.join();
    client.say("{\"type\":\"stats\",\"id\":5}");
    var stats = client.socket.next("stats");
    assertEquals(5, stats.get("id").asInt());
    assertEquals(2, stats.get("at").asInt());
    assertTrue(stats.get("roundTripTime").isNull());
  }

  @Test
  void namesTheQuestionThatTheRoomDoesNotAnswer() throws Exception {
    var client = fixture.join();
    fixture.room().nextStatistics =
        CompletableFuture.failedFuture(
            new RefusedException(RefusedException.Reason.OVERLOADED, "too much to do"));
    client.say("{\"type\":\"stats\",\"id\":6}");
    var error = client.socket.next("error");
    assertEquals("overloaded", error.get("code").asText());
    assertEquals(6, error.get("id").asInt());
    assertFalse(error.get("fatal").asBoolean());
  }

  @Test
  void saysByeToWhoLeaves() throws Exception {
    var client = fixture.join();
    client.say("{\"type\":\"leave\"}");
    assertEquals("left", client.socket.next("bye").get("reason").asText());
    assertEquals(1000, client.socket.closeCode());
    assertEquals("leave LEFT", fixture.room().calls.getLast());
    client.connection.onClosed();
    fixture.timers.advanceMillis(60_000);
    assertEquals("leave LEFT", fixture.room().calls.getLast());
    assertEquals(0, fixture.signaling.sessionCount());
  }

  @Test
  void saysByeToWhoIsRemovedAfterAllElse() throws Exception {
    var client = fixture.join();
    client.hears(new RoomEvent.TransportStateChanged(TransportState.CLOSED));
    client.hears(new RoomEvent.Removed(LeaveReason.MEDIA_LOST));
    assertEquals("closed", client.socket.next("transport").get("state").asText());
    assertEquals("media-lost", client.socket.next("bye").get("reason").asText());
    assertEquals(1000, client.socket.closeCode());
  }

  @Test
  void closesAClientThatReadsTooSlowlyAndLetsItResume() throws Exception {
    var slow = fixture.join();
    slow.socket.stopReading();
    slow.hears(new RoomEvent.SpeakersChanged(List.of(new ParticipantId("first"))));
    slow.socket.awaitStuckWriter();
    for (int i = 0; i < Outbox.CAPACITY + 1; i++) {
      slow.hears(new RoomEvent.SpeakersChanged(List.of(new ParticipantId("p" + i))));
    }
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.CLIENTS_TOO_SLOW));
    slow.socket.readOn();
    slow.socket.next("speakers"); // it was on its way
    var error = slow.socket.next("error");
    assertEquals("too-slow", error.get("code").asText());
    assertTrue(error.get("fatal").asBoolean());
    assertEquals(1013, slow.socket.closeCode());
    var client = fixture.connect();
    client.say(hello(slow.token, "keep"));
    assertTrue(client.welcomed().get("resumed").asBoolean());
  }

  @Test
  void gathersTheRosterOfALargeRoom() throws Exception {
    fixture.furniture =
        room -> {
          for (int i = 0; i < 49; i++) {
            room.others.add(participant("p" + i));
          }
        };
    var client = fixture.join();
    client.hears(joined("fiftyone"));
    client.hears(joined("fiftytwo"));
    fixture.timers.advanceMillis(249);
    client.hears(new RoomEvent.ParticipantLeft(new ParticipantId("fiftyone"), LeaveReason.LEFT));
    fixture.timers.advanceMillis(1);
    var events = client.socket.next("roster").get("events");
    assertEquals(3, events.size());
    assertEquals("joined", events.get(0).get("type").asText());
    assertEquals("left", events.get(2).get("type").asText());
  }

  @Test
  void neverNamesSomebodyInASlotOfWhomItHasNotTold() throws Exception {
    fixture.furniture =
        room -> {
          for (int i = 0; i < 60; i++) {
            room.others.add(participant("p" + i));
          }
        };
    var client = fixture.join();
    client.hears(joined("bob"));
    client.hears(new RoomEvent.SlotBound(binding("p1", 1)));
    client.hears(new RoomEvent.SlotBound(binding("bob", 2)));
    assertEquals("p1", client.socket.next("slot").get("participant").asText());
    assertEquals(1, client.socket.next("roster").get("events").size());
    assertEquals("bob", client.socket.next("slot").get("participant").asText());
    fixture.timers.advanceMillis(250);
    client.socket.assertNothingMore();
  }

  @Test
  void namesTheFieldOfAMessageThatItRefuses() throws Exception {
    var client = fixture.join();
    client.say("{\"type\":\"mute\",\"mid\":3,\"muted\":true}");
    var error = client.socket.next("error");
    assertEquals("invalid-message", error.get("code").asText());
    assertEquals("mid", error.get("field").asText());
    assertFalse(error.get("fatal").asBoolean());
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.MESSAGES_INVALID));
  }
}
