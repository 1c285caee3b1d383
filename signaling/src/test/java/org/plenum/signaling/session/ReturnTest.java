package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.SignalingFixture.Client;
import org.plenum.signaling.token.Forge;

/// Who was here before the server was restarted comes back as the same participant.
class ReturnTest {
  private static final Duration TOKEN = Duration.ofMinutes(10);

  @TempDir private Path data;

  private Instant now = Instant.now();
  private SignalingFixture before;
  private Client ada;
  private ParticipantId id;
  private String jwt;

  @BeforeEach
  void join() throws Exception {
    before = server();
    jwt = token("ann");
    ada = enter(before, jwt, null);
    id = ada.id;
  }

  @Test
  void isTheSameParticipant() throws Exception {
    SignalingFixture after = restart(Duration.ofSeconds(5));
    Client again = after.connect();
    again.say(hello(jwt, ada.token));
    JsonNode welcome = again.welcomed();
    assertFalse(welcome.get("resumed").asBoolean(), "media begin anew");
    assertEquals(id, again.id);
    assertEquals(ada.token, again.token);
    assertTrue(after.room().joins.getLast().mayEnterLocked(), "was in the room when it was locked");
    assertEquals(1, after.signaling.counters().value(SignalingCounter.SESSIONS_RETURNED));
  }

  @Test
  void soItIsAfterTheNextRestart() throws Exception {
    Client once = enter(restart(Duration.ofSeconds(5)), jwt, ada.token);
    Client twice = enter(restart(Duration.ofHours(2)), jwt, once.token);
    assertEquals(id, twice.id);
  }

  @Test
  void resumesAsEverOnceItIsBack() throws Exception {
    SignalingFixture after = restart(Duration.ofSeconds(5));
    enter(after, jwt, ada.token).connection.onClosed();
    Client again = after.connect();
    again.say(hello(jwt, ada.token));
    assertTrue(again.welcomed().get("resumed").asBoolean());
    assertEquals(1, after.room().joins.size());
  }

  @Test
  void needsTheTokenThatLetItIn() throws Exception {
    SignalingFixture after = restart(Duration.ofSeconds(5));
    Client none = after.connect();
    none.say(hello("", ada.token).replace("\"token\":\"\",", ""));
    assertEquals("unauthorized", none.socket.next("error").get("code").asText());
    enter(after, token("eve"), ada.token);
    assertLetInAsAnybody(after);
  }

  @Test
  void comesBackThoughItsTokenHasExpiredMeanwhile() throws Exception {
    SignalingFixture after = restart(TOKEN.plusHours(1));
    assertEquals(id, enter(after, jwt, ada.token).id);
    Client stranger = after.connect();
    stranger.say(hello(jwt, "x"));
    assertEquals("unauthorized", stranger.socket.next("error").get("code").asText());
  }

  @Test
  void comesBackForADayOnly() throws Exception {
    Client late = restart(Duration.ofDays(1).plusSeconds(1)).connect();
    late.say(hello(jwt, ada.token));
    assertEquals("unauthorized", late.socket.next("error").get("code").asText());
  }

  @Test
  void comesBackSoonAfterTheStartOnly() throws Exception {
    SignalingFixture after = restart(Duration.ofSeconds(5));
    now = now.plusMillis(ResumeTokens.RETURN_MILLIS + 1);
    assertEquals(id, enter(after, jwt, ada.token).id);
    assertLetInAsAnybody(after);
  }

  @Test
  void isNotLetInAgainIfItWasRemovedThoughItsTokenHasExpired() throws Exception {
    var room = before.signaling.rooms().find(new RoomId("blue"));
    now = now.plus(TOKEN).plusSeconds(31); // in the call it may stay
    before.signaling.remove(room, id);
    Client again = restart(Duration.ofHours(1)).connect();
    again.say(hello(jwt, ada.token));
    assertEquals("unauthorized", again.socket.next("error").get("code").asText());
  }

  @Test
  void isLetInAsAnybodyWhereTheKeyIsAnother() throws Exception {
    Files.delete(data.resolve(ResumeTokens.KEY_FILE));
    SignalingFixture after = restart(Duration.ofSeconds(5));
    assertEquals(id, enter(after, jwt, ada.token).id);
    assertLetInAsAnybody(after);
  }

  @Test
  void nobodyElseReadsTheKey() throws Exception {
    Path key = data.resolve(ResumeTokens.KEY_FILE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
  }

  @Test
  void isLetInAsAnybodyInAnotherRoom() throws Exception {
    String any = tokenFor("ann", "red");
    SignalingFixture after = restart(Duration.ofSeconds(5));
    Client red = after.connect();
    red.say(hello(any, ada.token).replace("blue", "red"));
    red.welcomed();
    assertEquals(0, after.signaling.counters().value(SignalingCounter.SESSIONS_RETURNED));
  }

  @Test
  void isAnotherOneWhileTheServerThatItLeftStillRuns() throws Exception {
    ada.say("{\"type\":\"leave\"}");
    assertNotEquals(id, enter(before, jwt, ada.token).id);
  }

  private static void assertLetInAsAnybody(SignalingFixture after) {
    assertFalse(after.room().joins.getLast().mayEnterLocked());
    assertEquals(0, after.signaling.counters().value(SignalingCounter.SESSIONS_RETURNED));
  }

  /// Else a client that tries again over another socket would be told to keep the connection that
  /// the server before had with it.
  @Test
  void isNotResumedBeforeTheRoomHasLetItIn() throws Exception {
    SignalingFixture after = restart(Duration.ofSeconds(5));
    var answer = new CompletableFuture<RoomSnapshot>();
    var asked = new CountDownLatch(1);
    after.furniture =
        room -> {
          room.nextJoin = answer;
          room.onJoin = asked::countDown;
        };
    Client first = after.connect();
    Thread.startVirtualThread(() -> first.say(hello(jwt, ada.token)));
    asked.await();
    Client second = after.connect();
    second.say(hello(jwt, ada.token));
    assertEquals("overloaded", second.socket.next("error").get("code").asText());
    answer.complete(new RoomSnapshot(List.of(), List.of(), 0));
    assertFalse(first.welcomed().get("resumed").asBoolean());
    assertEquals(id, first.id);
  }

  @Test
  void aTokenThatIsOfNoUseAnyMoreIsRenewed() throws Exception {
    Client late = enter(restart(Duration.ofHours(25)), token("ann"), ada.token);
    assertEquals(id, late.id);
    assertNotEquals(ada.token, late.token);
    SignalingFixture after = restart(Duration.ofSeconds(5));
    assertEquals(id, enter(after, token("ann"), late.token).id);
  }

  @Test
  void refusesWhatWasTamperedWith() throws Exception {
    SignalingFixture after = restart(Duration.ofSeconds(5));
    String[] parts = ada.token.split("\\.");
    for (String forged :
        List.of(
            "eve." + parts[1] + "." + parts[2],
            parts[0] + "." + (Long.parseLong(parts[1]) + 1) + "." + parts[2],
            parts[0] + "." + parts[1] + "." + "A".repeat(43),
            parts[0] + "." + "9".repeat(15) + "." + parts[2])) {
      Client client = enter(after, jwt, forged);
      assertNotEquals(new ParticipantId("eve"), client.id, forged);
      assertLetInAsAnybody(after);
      client.say("{\"type\":\"leave\"}");
      client.socket.next("bye");
    }
  }

  /// A server that knows what the one before left in `data.dir`.
  private SignalingFixture restart(Duration later) {
    before.signaling.close();
    now = now.plus(later);
    before = server();
    return before;
  }

  private SignalingFixture server() {
    var keys = new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false);
    ServerConfig config =
        ServerConfig.forTests().with(keys).with(new ServerConfig.Events(List.of(), data));
    return new SignalingFixture(config, () -> now);
  }

  private static Client enter(SignalingFixture server, String jwt, String resume) throws Exception {
    Client client = server.connect();
    client.say(hello(jwt, resume == null ? "none" : resume));
    client.welcomed();
    return client;
  }

  private static String hello(String jwt, String resume) {
    return """
    {"type":"hello","version":1,"room":"blue","name":"Ada","token":"%s","resume":"%s"}"""
        .formatted(jwt, resume);
  }

  private String token(String identity) {
    return tokenFor(identity, "blue");
  }

  private String tokenFor(String identity, String room) {
    Map<String, Object> claims = Forge.granting("room", room, "roomJoin", true);
    claims.put("sub", identity);
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(TOKEN).getEpochSecond());
    return Forge.hs256(claims);
  }
}
