package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
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
