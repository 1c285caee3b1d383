package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ServerConfig;

class LimitsTest {
  private static final ServerConfig.Limits LIMITS = ServerConfig.Limits.DEFAULT;
  private final SignalingFixture fixture = new SignalingFixture();

  @Test
  void refusesMessagesBeyondTheRateAndGoesOnAfterwards() throws Exception {
    var client = fixture.join();
    int burst = 5 * LIMITS.messagesPerSecond() - 1; // hello was one
    for (int i = 0; i < burst; i++) {
      client.say("{\"type\":\"unknown\"}");
    }
    client.socket.assertNothingMore();
    client.say("{\"type\":\"unknown\"}");
    JsonNode error = client.socket.next("error");
    assertEquals("too-many", error.get("code").asText());
    assertEquals(1, error.get("retryAfter").asInt());
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.REFUSED_MESSAGES));
    fixture.timers.advanceMillis(1_000);
    client.say("nonsense");
    assertEquals("invalid-message", client.socket.next("error").get("code").asText());
  }

  @Test
  void refusesTextBeyondTheBudgetOfItsSender() throws Exception {
    var client = fixture.join();
    String message =
        "{\"type\":\"message\",\"topic\":\"chat\",\"text\":\"" + "x".repeat(4096) + "\"}";
    for (int i = 0; i <= 5 * ChatBudget.BYTES_OF_SENDER / 4096; i++) {
      client.say(message);
    }
    client.socket.assertNothingMore();
    client.say(message);
    JsonNode error = client.socket.next("error");
    assertEquals("too-many", error.get("code").asText());
    assertEquals("text", error.get("field").asText());
    assertEquals(1, error.get("retryAfter").asInt());
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.REFUSED_CHAT));
    fixture.timers.advanceMillis(1_000);
    client.say(message);
    client.socket.assertNothingMore();
  }

  @Test
  void refusesTextBeyondTheBudgetOfTheRoom() throws Exception {
    var readers = fixture.join();
    for (int i = 0; i < 399; i++) {
      fixture.join();
    }
    // Five seconds' worth is 10 MiB, and one of these costs 4.7.
    String message = "{\"type\":\"message\",\"text\":\"" + "\u4f60".repeat(4096) + "\"}";
    for (int i = 0; i < 3; i++) {
      var sender = fixture.join();
      sender.say(message);
      sender.socket.assertNothingMore();
    }
    readers.say(message);
    JsonNode error = readers.socket.next("error");
    assertEquals("too-many", error.get("code").asText());
    readers.say(message.replace("\"text\"", "\"to\":\"p1\",\"text\""));
    assertEquals("too-many", readers.socket.next("error").get("code").asText());
  }

  @Test
  void dropsWhatOthersSayBeforeItClosesASlowSocketAndSaysSo() throws Exception {
    var slow = fixture.join();
    slow.socket.stopReading();
    slow.hears(new RoomEvent.SpeakersChanged(List.of(new ParticipantId("first"))));
    slow.socket.awaitStuckWriter();
    for (int i = 0; i < 3 * Outbox.CAPACITY; i++) {
      slow.hears(new RoomEvent.MessageReceived(new ParticipantId("p"), "chat", "text " + i));
    }
    int left = 3 * Outbox.CAPACITY - Outbox.CHAT_CAPACITY;
    assertEquals(left, fixture.signaling.counters().value(SignalingCounter.CHAT_DROPPED));
    // What the server itself says takes the place of all that people say.
    for (int i = 0; i < Outbox.CAPACITY; i++) {
      slow.hears(new RoomEvent.SpeakersChanged(List.of(new ParticipantId("p" + i))));
    }
    assertEquals(0, fixture.signaling.counters().value(SignalingCounter.CLIENTS_TOO_SLOW));
    slow.socket.readOn();
    slow.socket.next("speakers");
    assertEquals(3 * Outbox.CAPACITY, slow.socket.next("missed").get("count").asInt());
    for (int i = 0; i < Outbox.CAPACITY; i++) {
      slow.socket.next("speakers");
    }
    slow.hears(new RoomEvent.MessageReceived(new ParticipantId("p"), "chat", "at last"));
    assertEquals("at last", slow.socket.next("message").get("text").asText());
  }

  @Test
  void letsNobodyInWhoIsOneTooManyForTheServer() throws Exception {
    var limits = new ServerConfig.Limits(20, 500, 20, 50, 10, 10, 2, 0, 60, false);
    var small = new SignalingFixture(ServerConfig.forTests().with(limits), InstantSource.system());
    var first = small.join();
    small.connect().say(SignalingFixture.HELLO.replace("blue", "red"));
    var third = small.connect();
    third.say(SignalingFixture.HELLO);
    JsonNode error = third.socket.next("error");
    assertEquals("overloaded", error.get("code").asText());
    assertEquals(5, error.get("retryAfter").asInt());
    assertEquals(1, small.signaling.counters().value(SignalingCounter.REFUSED_PARTICIPANTS));
    // Whoever is here goes on over another socket.
    first.connection.onClosed();
    var again = small.connect();
    again.say(SignalingFixture.hello(first.token, "keep"));
    again.welcomed();
  }

  @Test
  void opensNoRoomThatOnlyTheApiMayOpen() throws Exception {
    var limits = new ServerConfig.Limits(20, 500, 20, 50, 10, 10, 0, 0, 60, true);
    var strict = new SignalingFixture(ServerConfig.forTests().with(limits), InstantSource.system());
    var stranger = strict.connect();
    stranger.say(SignalingFixture.HELLO);
    JsonNode error = stranger.socket.next("error");
    assertEquals("forbidden", error.get("code").asText());
    assertEquals(1, strict.signaling.counters().value(SignalingCounter.REFUSED_UNKNOWN_ROOMS));
    assertEquals(0, strict.rooms.size());
    strict.signaling.rooms().make(new RoomId("blue"), strict.signaling.rooms().usual());
    strict.join();
  }

  @Test
  void refusesNewcomersAndFirstOffersWhileTheServerIsOverloaded() throws Exception {
    var before = fixture.join();
    String[] reason = {"too much"};
    fixture.signaling.refuseWhile(() -> reason[0]);
    var newcomer = fixture.connect();
    newcomer.say(SignalingFixture.HELLO);
    JsonNode error = newcomer.socket.next("error");
    assertEquals("overloaded", error.get("code").asText());
    assertEquals("too much", error.get("message").asText());
    assertEquals(1013, newcomer.socket.closeCode());
    String offer = "{\"type\":\"offer\",\"id\":1,\"sdp\":\"v=0\"}";
    before.say(offer);
    error = before.socket.next("error");
    assertEquals("overloaded", error.get("code").asText());
    assertEquals(1, error.get("id").asInt());
    assertEquals(2, fixture.signaling.counters().value(SignalingCounter.REFUSED_OVERLOADED));
    reason[0] = null;
    before.say(offer);
    before.socket.next("answer");
    reason[0] = "again";
    before.say(offer);
    before.socket.next("answer"); // its transport is there already
  }

  @Test
  void sendsAwayWhoDoesNotStop() throws Exception {
    var client = fixture.join();
    for (int i = 0; i < 5 * LIMITS.messagesPerSecond() + ClientConnection.MOST_REFUSED; i++) {
      client.say("{\"type\":\"unknown\"}");
    }
    assertEquals(1013, client.socket.closeCode());
  }

  @Test
  void refusesJoinsOfAnAddressBeyondTheRate() throws Exception {
    for (int i = 0; i < 5 * LIMITS.joinsPerSecond(); i++) {
      var client = fixture.connect("192.0.2.1");
      client.say(SignalingFixture.HELLO);
      client.welcomed();
    }
    var refused = fixture.connect("192.0.2.1");
    refused.say(SignalingFixture.HELLO);
    assertEquals("too-many", refused.socket.next("error").get("code").asText());
    assertEquals(1013, refused.socket.closeCode());
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.REFUSED_JOINS));
    var other = fixture.connect("192.0.2.2");
    other.say(SignalingFixture.HELLO);
    other.welcomed();
    fixture.timers.advanceMillis(1_000);
    var later = fixture.connect("192.0.2.1");
    later.say(SignalingFixture.HELLO);
    later.welcomed();
  }
}
