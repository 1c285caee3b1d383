package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.Rule;
import org.plenum.signaling.token.Forge;

/// Who waits to be let in, and who lets them in.
class WaitingRoomTest {
  private static final RoomId BLUE = new RoomId("blue");

  private final SignalingFixture fixture =
      new SignalingFixture(
          ServerConfig.forTests()
              .with(new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false))
              .with(ServerConfig.Limits.DEFAULT.withWaitingRoom()),
          InstantSource.system());

  @Test
  void whoeverComesWaitsUntilAHostLetsThemIn() throws Exception {
    var ann = come("ann", false);
    assertEquals("Ann A.", ann.socket.next("wait").get("name").asText());
    var host = come("host", true);
    JsonNode welcome = host.welcomed();
    assertEquals("Ann A.", welcome.get("waiting").get(0).get("name").asText());
    assertEquals(1, welcome.get("hosts").size());

    var bob = come("bob", false);
    bob.socket.next("wait");
    JsonNode people = host.socket.await("waiting", each -> each.get("people").size() == 2);
    String id = people.get("people").get(1).get("waiting").asText();
    assertEquals(1, fixture.signaling.letIn(BLUE, knock -> knock.id().equals(id)));
    bob.welcomed();
    assertEquals(0, fixture.signaling.letIn(BLUE, knock -> knock.id().equals(id)));
    assertEquals(1, fixture.signaling.waiting(BLUE).size());
    assertEquals(2, fixture.room().joins.size());
  }

  @Test
  void whoIsRefusedIsToldSo() throws Exception {
    var ann = come("ann", false);
    ann.socket.next("wait");
    assertEquals(1, fixture.signaling.sendAway(BLUE, _ -> true));
    JsonNode error = ann.socket.next("error");
    assertEquals("not-admitted", error.get("code").asText());
    assertTrue(error.get("fatal").asBoolean());
    assertEquals(1008, ann.socket.closeCode());
    assertTrue(fixture.rooms.isEmpty());
  }

  @Test
  void whoClosesTheTabWaitsNoMore() throws Exception {
    var host = come("host", true);
    host.welcomed();
    var ann = come("ann", false);
    ann.socket.next("wait");
    host.socket.await("waiting", each -> each.get("people").size() == 1);
    ann.connection.onClosed();
    host.socket.await("waiting", each -> each.get("people").isEmpty());
    assertEquals(0, fixture.signaling.letIn(BLUE, _ -> true));
    assertEquals(1, fixture.room().joins.size());
  }

  @Test
  void whoSaysLeaveWaitsNoMore() throws Exception {
    var ann = come("ann", false);
    ann.socket.next("wait");
    ann.say("{\"type\":\"leave\"}");
    ann.socket.next("bye");
    assertTrue(fixture.signaling.waiting(BLUE).isEmpty());
  }

  @Test
  void whoWasLetInNeedNotKnockAgainButWhoWasRemovedMust() throws Exception {
    come("host", true).welcomed();
    var ann = come("ann", false);
    ann.socket.next("wait");
    fixture.signaling.letIn(BLUE, _ -> true);
    ann.welcomed();
    ann.say("{\"type\":\"leave\"}");
    var again = come("ann", false);
    again.welcomed();
    OpenRoom room = fixture.signaling.rooms().find(BLUE);
    fixture.signaling.remove(room, again.id);
    assertFalse(room.knows("ann"));
  }

  @Test
  void whoIsRemovedIsNoHostAnyMore() throws Exception {
    come("host", true).welcomed();
    OpenRoom room = fixture.signaling.rooms().find(BLUE);
    fixture.signaling.hosting().host(room, "ann", true);
    var ann = come("ann", false);
    JsonNode welcome = ann.welcomed();
    assertEquals(2, welcome.get("hosts").size());
    fixture.signaling.remove(room, ann.id);
    assertTrue(room.hosts().isEmpty());
  }

  @Test
  void withoutAWaitingRoomEverybodyIsIn() throws Exception {
    var host = come("host", true);
    host.welcomed();
    var ann = come("ann", false);
    ann.socket.next("wait");
    OpenRoom room = fixture.signaling.rooms().find(BLUE);
    fixture.signaling.rules(room, room.rules().with(Rule.WAITING_ROOM, false));
    ann.welcomed();
    come("bob", false).welcomed();
  }

  @Test
  void aHostsTokenMayBringTheRules() throws Exception {
    come("host", true, Map.of("waitingRoom", false, "chat", false)).welcomed();
    var ann = come("ann", false);
    JsonNode rules = ann.welcomed().get("rules");
    assertFalse(rules.get("chat").asBoolean());
    assertTrue(rules.get("screen").asBoolean());
    come("second", true, Map.of("chat", true)).welcomed();
    OpenRoom room = fixture.signaling.rooms().find(BLUE);
    assertFalse(room.rules().allow(Rule.CHAT), "the first host's word stands");
  }

  @Test
  void nobodyKnocksTwiceOverOneSocket() throws Exception {
    var ann = come("ann", false);
    ann.socket.next("wait");
    ann.say(hello("ann", false, Map.of()));
    assertEquals("invalid-message", ann.socket.next("error").get("code").asText());
    assertEquals(1, fixture.signaling.waiting(BLUE).size());
  }

  @Test
  void aLockedRoomLetsNobodyKnock() throws Exception {
    come("host", true).welcomed();
    fixture.signaling.rooms().lock(fixture.signaling.rooms().find(BLUE), true);
    var ann = come("ann", false);
    assertEquals("room-locked", ann.socket.next("error").get("code").asText());
  }

  @Test
  void noMoreThanABoundWaitOrKnockAtOnce() throws Exception {
    for (int i = 0; i < 25; i++) {
      come("guest" + i, false).socket.next("wait");
    }
    var more = come("more", false);
    assertEquals("too-many", more.socket.await("error", _ -> true).get("code").asText());
    assertEquals(1013, more.socket.closeCode());
    for (int second = 0; second < 40; second++) {
      fixture.timers.advanceMillis(1000);
      for (int i = 0; i < 4 && fixture.signaling.waiting(BLUE).size() < 100; i++) {
        come("later" + second + "-" + i, false).socket.next("wait");
      }
    }
    fixture.timers.advanceMillis(5000);
    JsonNode error = come("one", false).socket.await("error", _ -> true);
    assertEquals("too-many", error.get("code").asText());
    assertTrue(error.get("message").asText().contains("too many wait"), error.toString());
  }

  @Test
  void aHostWhoReloadsSeesThemAgain() throws Exception {
    var host = come("host", true);
    host.welcomed();
    come("ann", false).socket.next("wait");
    host.connection.onClosed();
    var again = fixture.connect();
    again.say(hello("host", true, Map.of()).replace("}", ",\"resume\":\"" + host.token + "\"}"));
    assertEquals(1, again.welcomed().get("waiting").size());
    fixture.room().leave(again.id, LeaveReason.LEFT);
    assertEquals(1, fixture.signaling.waiting(BLUE).size(), "they wait on for the next host");
  }

  private SignalingFixture.Client come(String identity, boolean host) {
    return come(identity, host, Map.of());
  }

  private SignalingFixture.Client come(String identity, boolean host, Map<String, Boolean> rules) {
    var client = fixture.connect();
    client.say(hello(identity, host, rules));
    return client;
  }

  private static String hello(String identity, boolean host, Map<String, Boolean> rules) {
    Map<String, Object> claims =
        rules.isEmpty()
            ? Forge.granting("room", "blue", "roomJoin", true, "roomAdmin", host)
            : Forge.granting("room", "blue", "roomJoin", true, "roomAdmin", host, "rules", rules);
    claims.put("sub", identity);
    return """
    {"type":"hello","version":1,"room":"blue","name":"%s","token":"%s"}"""
        .formatted(identity.equals("ann") ? "Ann A." : identity, Forge.hs256(claims));
  }
}
