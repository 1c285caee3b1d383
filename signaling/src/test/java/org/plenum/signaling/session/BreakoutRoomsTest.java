package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomId;

/// Breakout rooms over fake rooms and a fake clock.
class BreakoutRoomsTest {
  private final SignalingFixture fixture = new SignalingFixture();
  private final BreakoutRooms breakouts = fixture.signaling.breakouts();

  @Test
  void theirTimeEndsThem() throws Exception {
    SignalingFixture.Client ada = fixture.join();
    FakeRoom main = fixture.room();
    RoomId one = open(ada, 60);
    assertEquals(one.value(), next(ada, "move").get("room").asText());
    assertEquals(60, (long) breakouts.state(blue()).secondsLeft());
    SignalingFixture.Client there = comeBack(ada, "new");
    assertEquals(one.value(), there.welcomed().get("room").asText());

    fixture.timers.advanceMillis(61_000);
    assertEquals("blue", next(there, "move").get("room").asText());
    assertTrue(breakouts.state(blue()).rooms().isEmpty());
    FakeRoom breakout = fixture.room();
    assertFalse(breakout.isClosed(), "whoever lost the socket just then may still come back");
    await(
        () -> {
          fixture.timers.advanceMillis(10_000);
          return breakout.isClosed() && main.calls.contains("keep open false");
        });
  }

  @Test
  void whoLosesTheSocketOnTheWayIsAskedAgain() throws Exception {
    SignalingFixture.Client ada = fixture.join();
    RoomId one = open(ada, 0);
    ada.connection.onClosed();
    SignalingFixture.Client kept = comeBack(ada, "keep");
    JsonNode welcome = kept.welcomed();
    assertEquals("blue", welcome.get("room").asText());
    assertTrue(welcome.get("resumed").asBoolean());
    assertEquals(one.value(), next(kept, "move").get("room").asText());
    assertEquals(one.value(), comeBack(ada, "new").welcomed().get("room").asText());
  }

  @Test
  void theyCloseWithTheMainRoom() throws Exception {
    SignalingFixture.Client ada = fixture.join();
    FakeRoom main = fixture.room();
    open(ada, 0);
    FakeRoom breakout = fixture.room();
    main.close();
    assertTrue(breakout.isClosed());
  }

  @Test
  void nobodyOpensOneByEnteringIt() {
    var id = new RoomId("breakout-00112233445566778899");
    var refusal =
        assertThrows(
            RefusedException.class, () -> fixture.signaling.rooms().enter(id, _ -> "entered"));
    assertEquals(RefusedException.Reason.ROOM_CLOSED, refusal.reason());
  }

  private OpenRoom blue() {
    return fixture.signaling.rooms().find(new RoomId("blue"));
  }

  private RoomId open(SignalingFixture.Client who, int seconds) {
    breakouts.make(blue(), List.of("One"));
    RoomId one = breakouts.state(blue()).rooms().getFirst().room();
    var assignment = new BreakoutRooms.Assignment(who.id, one);
    breakouts.change(blue(), new BreakoutRooms.Change(List.of(assignment), false, seconds, true));
    return one;
  }

  private SignalingFixture.Client comeBack(SignalingFixture.Client who, String media) {
    SignalingFixture.Client next = fixture.connect();
    next.say(SignalingFixture.hello(who.token, media));
    return next;
  }

  private static JsonNode next(SignalingFixture.Client client, String type) throws Exception {
    return client.socket.await(type, _ -> true);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it did not come true");
      Thread.yield();
    }
  }
}
