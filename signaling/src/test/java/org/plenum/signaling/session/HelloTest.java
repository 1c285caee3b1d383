package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;

class HelloTest {
  private final SignalingFixture fixture = new SignalingFixture();

  @Test
  void welcomesWithEveryoneWhoIsThere() throws Exception {
    fixture.furniture = room -> room.others.add(SignalingFixture.participant("bob"));
    var client = fixture.connect();
    client.say(SignalingFixture.HELLO);
    var welcome = client.welcomed();
    assertEquals("blue", welcome.get("room").asText());
    assertFalse(welcome.get("resumed").asBoolean());
    assertEquals("bob", welcome.get("participants").get(0).get("participant").asText());
    assertTrue(client.token.length() >= 32, "at least 192 bits in base64");
    assertEquals("Ada", fixture.room().joins.getFirst().name());
  }

  @Test
  void opensOneRoomForAllOfItsName() throws Exception {
    var first = fixture.join();
    var second = fixture.join();
    assertEquals(1, fixture.rooms.size());
    assertNotEquals(first.id, second.id);
    assertNotEquals(first.token, second.token);
  }

  @Test
  void refusesAnythingBeforeHello() throws Exception {
    var client = fixture.connect();
    client.say("{\"type\":\"leave\"}");
    var error = client.socket.next("error");
    assertEquals("invalid-message", error.get("code").asText());
    assertTrue(error.get("fatal").asBoolean());
    assertEquals(1008, client.socket.closeCode());
  }

  @Test
  void closesASocketThatNeverSaysHello() throws Exception {
    var client = fixture.connect();
    fixture.timers.advanceMillis(9_999);
    client.socket.assertNothingMore();
    fixture.timers.advanceMillis(1);
    assertTrue(client.socket.next("error").get("message").asText().contains("10 s"));
    assertEquals(1008, client.socket.closeCode());
  }

  @Test
  void saysNothingMoreAboutHelloAfterIt() throws Exception {
    var client = fixture.join();
    fixture.timers.advanceMillis(60_000);
    client.socket.assertNothingMore();
  }

  @Test
  void refusesAnotherVersion() throws Exception {
    var client = fixture.connect();
    client.say(SignalingFixture.HELLO.replace("\"version\":1", "\"version\":2"));
    var error = client.socket.next("error");
    assertEquals("unsupported-version", error.get("code").asText());
    assertEquals("version", error.get("field").asText());
    assertTrue(fixture.rooms.isEmpty());
  }

  @Test
  void refusesASecondHelloAndGoesOn() throws Exception {
    var client = fixture.join();
    client.say(SignalingFixture.HELLO);
    assertFalse(client.socket.next("error").get("fatal").asBoolean());
    client.say("{\"type\":\"mute\",\"mid\":\"0\",\"muted\":true}");
    assertEquals("mute 0 true", fixture.room().calls.getLast());
  }

  @Test
  void opensAnotherRoomWhenOneClosesAtThatMoment() throws Exception {
    fixture.furniture =
        room -> {
          if (fixture.rooms.isEmpty()) {
            room.refusals.add(new RefusedException(Reason.ROOM_CLOSED, "closed"));
          }
        };
    fixture.join();
    assertEquals(2, fixture.rooms.size());
  }

  @Test
  void saysThatARoomIsFull() throws Exception {
    fixture.furniture =
        room -> room.refusals.add(new RefusedException(Reason.ROOM_FULL, "500 are here"));
    var client = fixture.connect();
    client.say(SignalingFixture.HELLO);
    var error = client.socket.next("error");
    assertEquals("room-full", error.get("code").asText());
    assertEquals("500 are here", error.get("message").asText());
    assertEquals(5, error.get("retryAfter").asInt());
    assertEquals(1, fixture.signaling.counters().value(SignalingCounter.REFUSED_PARTICIPANTS));
    assertEquals(1013, client.socket.closeCode());
    assertEquals(0, fixture.signaling.sessionCount());
  }

  @Test
  void ignoresWhatComesAfterAFatalError() throws Exception {
    var client = fixture.connect();
    client.say("{}");
    client.say(SignalingFixture.HELLO);
    client.socket.next("error");
    client.socket.closeCode();
    assertTrue(fixture.rooms.isEmpty());
    client.socket.assertNothingMore();
  }

  @Test
  void ignoresTypesThatItDoesNotKnow() throws Exception {
    var client = fixture.join();
    client.say("{\"type\":\"teleport\",\"to\":[1,2]}");
    client.say("{\"type\":\"view\",\"seats\":[],\"later\":{}}");
    assertEquals("view 0", fixture.room().calls.getLast());
    client.socket.assertNothingMore();
  }

  @Test
  void opensARoomAnewAfterItClosed() throws Exception {
    var client = fixture.join();
    fixture.room().close();
    assertEquals("closed", client.socket.next("bye").get("reason").asText());
    assertEquals(0, fixture.signaling.sessionCount());
    fixture.join();
    assertEquals(2, fixture.rooms.size());
  }
}
