package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.token.Forge;

/// Breakout rooms, by the API and over the wire.
class BreakoutApiTest {
  private static final String BLUE = "/rooms/blue";
  private static final String BREAKOUTS = BLUE + "/breakouts";

  private TestServer server;
  private HttpClient http;
  private ApiClient admin;

  /// What each was welcomed with, by identity.
  private final Map<String, JsonNode> welcomes = new HashMap<>();

  @BeforeEach
  void start() {
    server = new TestServer(true, Attacks.config());
    http = HttpClient.newHttpClient();
    admin = client(token("host", true));
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  /// Whether two learn each other's addresses is decided for all of them.
  @Test
  void whetherTwoMayTalkDirectlyHoldsInEachOfThem() throws Exception {
    join("host", true);
    join("ann", false);
    String one = make("One").get("rooms").get(0).get("room").asText();
    open(id("ann"), one);
    admin.call(200, "PATCH", BLUE, "{\"p2p\":true}");
    admin.call(200, "PATCH", BLUE, "{\"p2p\":false}");
    for (String room : List.of("blue", one)) {
      List<String> calls = server.room(room).calls;
      assertTrue(
          calls.indexOf("allow direct false") > calls.indexOf("allow direct true"), calls + "");
    }
    assertFalse(admin.get("/rooms/" + one).get("p2p").asBoolean());
  }

  @Test
  void whoIsMovedIsWhoTheyWere() throws Exception {
    TestClient host = join("host", true);
    TestClient ann = join("ann", false);
    String ids = id("ann");
    admin.call(
        200,
        "PATCH",
        BLUE + "/participants/" + ids,
        "{\"permissions\":{\"publish\":[\"camera\"],\"messages\":false}}");
    ann.say("{\"type\":\"rename\",\"name\":\"Annie\"}");
    String one = make("One", "Two").get("rooms").get(0).get("room").asText();
    open(ids, one);

    JsonNode move = ann.await("move", _ -> true);
    assertEquals(one, move.get("room").asText());
    assertTrue(move.get("stays").asBoolean());
    TestClient there = comeBack("ann");
    JsonNode welcome = there.next("welcome");
    assertEquals(one, welcome.get("room").asText());
    assertEquals(ids, welcome.get("participant").asText());
    assertEquals("Annie", welcome.get("name").asText());
    assertEquals(welcomes.get("ann").get("resume"), welcome.get("resume"));
    assertTrue(server.room("blue").calls.contains("leave MOVED"));
    assertEquals(1, server.room(one).joins.getLast().permissions().publish().size());
    assertFalse(
        admin
            .get("/rooms/" + one + "/participants/" + ids)
            .get("permissions")
            .get("messages")
            .asBoolean());

    JsonNode told = there.await("breakouts", _ -> true);
    assertEquals("blue", told.get("main").asText());
    assertEquals(one, told.get("here").asText());
    assertFalse(told.has("people"));
    assertTrue(told.get("secondsLeft").asInt() > 500);
    JsonNode seen = host.await("breakouts", each -> isIn(each.get("people"), ids, one));
    assertTrue(seen.get("open").asBoolean());

    // They belong together in the API too, and a host of the one is a host of the other.
    JsonNode main = admin.get(BLUE);
    assertEquals(1, main.get("breakouts").get(0).get("participants").asInt());
    assertEquals("blue", admin.get("/rooms/" + one).get("main").asText());
    assertTrue(server.room("blue").calls.contains("keep open true"));
  }

  @Test
  void comeBackByThemselvesOrAreCalledBack() throws Exception {
    join("host", true);
    TestClient ann = join("ann", false);
    JsonNode made = make("One", "Two").get("rooms");
    String one = made.get(0).get("room").asText();
    open(id("ann"), one);
    ann.await("move", _ -> true);
    TestClient there = comeBack("ann");
    there.next("welcome");

    // To others than the one that she was given she may not go.
    there.say("{\"type\":\"move\",\"room\":\"%s\"}".formatted(made.get(1).get("room").asText()));
    assertEquals("forbidden", there.await("error", _ -> true).get("code").asText());
    there.say("{\"type\":\"move\",\"room\":\"blue\"}");
    assertEquals("blue", there.await("move", _ -> true).get("room").asText());
    TestClient back = comeBack("ann");
    assertEquals("blue", back.next("welcome").get("room").asText());
    assertEquals(one, back.await("breakouts", _ -> true).get("assigned").asText());
    back.say("{\"type\":\"move\",\"room\":\"%s\"}".formatted(one));
    back.await("move", _ -> true);
    TestClient again = comeBack("ann");
    again.next("welcome");

    assertEquals(
        3,
        admin
            .call(200, "POST", BREAKOUTS + "/messages", "{\"text\":\"five minutes\"}")
            .get("recipients")
            .asInt());
    assertTrue(server.room(one).calls.contains("send false null breakouts five minutes"));
    admin.call(204, "DELETE", BREAKOUTS, null);
    assertEquals("blue", again.await("move", _ -> true).get("room").asText());
    assertEquals("blue", comeBack("ann").next("welcome").get("room").asText());
    assertEquals(0, admin.get(BREAKOUTS).get("rooms").size());
  }

  @Test
  void aReloadInABreakoutRoomStaysThere() throws Exception {
    join("host", true);
    TestClient ann = join("ann", false);
    String one = make("One").get("rooms").get(0).get("room").asText();
    open(id("ann"), one);
    ann.await("move", _ -> true);
    comeBack("ann").next("welcome");
    TestClient reloaded = comeBack("ann");
    JsonNode welcome = reloaded.next("welcome");
    assertEquals(one, welcome.get("room").asText());
    assertEquals(
        id("ann"),
        server.room(one).joins.getLast().replaces().value(),
        "the session before the reload is replaced");
  }

  @Test
  void refusesWhatCannotBe() throws Exception {
    join("host", true);
    join("ann", false);
    ApiClient hers = client(token("ann", false));
    for (String method : new String[] {"GET", "DELETE"}) {
      assertEquals(403, hers.send(method, BREAKOUTS, null).statusCode());
    }
    assertEquals(403, hers.send("PUT", BREAKOUTS, "{\"titles\":[\"One\"]}").statusCode());
    assertEquals(403, hers.send("PATCH", BREAKOUTS, "{\"open\":true}").statusCode());
    assertEquals(403, hers.send("POST", BREAKOUTS + "/messages", "{\"text\":\"x\"}").statusCode());

    assertEquals(409, admin.send("PATCH", BREAKOUTS, "{\"open\":true}").statusCode());
    assertEquals(400, admin.send("PUT", BREAKOUTS, "{}").statusCode());
    assertEquals(400, admin.send("PUT", BREAKOUTS, "{\"titles\":[\"\"]}").statusCode());
    String many = String.join(",", Collections.nCopies(51, "\"x\""));
    assertEquals(400, admin.send("PUT", BREAKOUTS, "{\"titles\":[" + many + "]}").statusCode());
    String one = make("One").get("rooms").get(0).get("room").asText();
    assertEquals(400, admin.send("PATCH", BREAKOUTS, "{\"seconds\":-1}").statusCode());
    assertEquals(400, admin.send("PATCH", BREAKOUTS, "{\"open\":false}").statusCode());
    assertEquals(404, assign("nobody", one));
    assertEquals(409, assign(id("ann"), "red"));
    open(id("ann"), one);
    assertEquals(409, admin.send("PUT", BREAKOUTS, "{\"titles\":[\"Two\"]}").statusCode());

    // Nobody comes in by the back door, nor into one that is over.
    TestClient stranger = hello("bob", one);
    assertEquals("forbidden", stranger.next("error").get("code").asText());
    TestClient late = hello("bob", "breakout-00112233445566778899");
    assertEquals("forbidden", late.next("error").get("code").asText());
  }

  @Test
  void chanceGivesAsManyToEachAndHostsNone() throws Exception {
    join("host", true);
    for (String name : new String[] {"a", "b", "c", "d"}) {
      join(name, false);
    }
    make("One", "Two");
    JsonNode people = admin.call(200, "PATCH", BREAKOUTS, "{\"random\":true}").get("people");
    Map<String, Integer> counts = new HashMap<>();
    people.forEach(one -> counts.merge(one.get("assigned").asText(), 1, Integer::sum));
    assertEquals(5, people.size());
    assertEquals(1, counts.get("null"));
    counts.remove("null");
    assertEquals(java.util.Set.of(2), java.util.Set.copyOf(counts.values()));
  }

  private static boolean isIn(JsonNode people, String participant, String room) {
    for (JsonNode each : people) {
      if (each.get("participant").asText().equals(participant)) {
        return each.get("room").asText().equals(room);
      }
    }
    return false;
  }

  private JsonNode make(String... titles) throws Exception {
    return admin.call(
        200, "PUT", BREAKOUTS, "{\"titles\":[\"" + String.join("\",\"", titles) + "\"]}");
  }

  private void open(String participant, String room) throws Exception {
    admin.call(
        200,
        "PATCH",
        BREAKOUTS,
        "{\"assignments\":[{\"participant\":\"%s\",\"room\":\"%s\"}],\"seconds\":600,\"open\":true}"
            .formatted(participant, room));
  }

  private int assign(String participant, String room) throws Exception {
    String body =
        "{\"assignments\":[{\"participant\":\"%s\",\"room\":\"%s\"}]}".formatted(participant, room);
    return admin.send("PATCH", BREAKOUTS, body).statusCode();
  }

  private String id(String identity) {
    return welcomes.get(identity).get("participant").asText();
  }

  /// The same session over another socket, without its media.
  private TestClient comeBack(String identity) throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    client.say(
        ("{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"%s\",\"token\":\"%s\","
                + "\"resume\":\"%s\",\"media\":\"new\"}")
            .formatted(
                identity, token(identity, false), welcomes.get(identity).get("resume").asText()));
    return client;
  }

  private TestClient join(String identity, boolean host) throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    client.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"%s\",\"token\":\"%s\"}"
            .formatted(identity, token(identity, host)));
    welcomes.put(identity, client.next("welcome"));
    return client;
  }

  private TestClient hello(String identity, String room) throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    client.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"%s\",\"name\":\"x\",\"token\":\"%s\"}"
            .formatted(room, token(identity, false)));
    return client;
  }

  private static String token(String identity, boolean host) {
    Map<String, Object> claims =
        Forge.granting("room", "blue", "roomJoin", true, "roomAdmin", host);
    claims.put("sub", identity);
    return Forge.hs256(claims);
  }

  private ApiClient client(String token) {
    return new ApiClient(http, server.http(""), token);
  }
}
