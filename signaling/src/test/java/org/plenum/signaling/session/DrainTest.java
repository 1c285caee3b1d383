package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/// What clients meet while the server lets its rooms end.
class DrainTest {
  private static final long GRACE_NANOS = 90_000_000_000L;

  private final SignalingFixture fixture = new SignalingFixture();

  @Test
  void tellsEveryClientUntilWhenAtTheLatest() throws Exception {
    SignalingFixture.Client ada = fixture.join();
    SignalingFixture.Client grace = fixture.join();
    fixture.signaling.drain(GRACE_NANOS);
    assertEquals(90, ada.socket.next("stopping").get("seconds").asLong());
    assertEquals(90, grace.socket.next("stopping").get("seconds").asLong());
  }

  @Test
  void tellsWhoComesLaterHowMuchIsLeft() throws Exception {
    fixture.join();
    fixture.signaling.drain(GRACE_NANOS);
    fixture.timers.advanceMillis(30_001);
    SignalingFixture.Client late = fixture.join();
    assertEquals(60, late.socket.next("stopping").get("seconds").asLong());
    assertEquals(1, fixture.rooms.size());
  }

  @Test
  void tellsWhoResumes() throws Exception {
    SignalingFixture.Client ada = fixture.join();
    ada.connection.onClosed();
    fixture.signaling.drain(GRACE_NANOS);
    SignalingFixture.Client again = fixture.connect();
    again.say(SignalingFixture.hello(ada.token, "keep"));
    assertTrue(again.welcomed().get("resumed").asBoolean());
    again.socket.next("stopping");
  }

  @Test
  void opensNoRoomAnyMore() throws Exception {
    fixture.join();
    fixture.signaling.drain(GRACE_NANOS);
    SignalingFixture.Client linus = fixture.connect();
    linus.say(SignalingFixture.HELLO.replace("blue", "green"));
    JsonNode error = linus.socket.next("error");
    assertEquals("restarting", error.get("code").asText());
    assertTrue(error.get("message").asText().contains("restarting"), error::toString);
    assertEquals(CloseCode.TRY_AGAIN_LATER.code(), linus.socket.closeCode());
    assertEquals(1, fixture.rooms.size());
  }

  @Test
  void saysNothingWhileItDoesNotDrain() throws Exception {
    assertFalse(fixture.signaling.isDraining());
    fixture.join().socket.assertNothingMore();
  }
}
