package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.token.Forge;

/// Hosts, rules and the waiting room, by the API and over the wire.
class HostApiTest {
  private static final String BLUE = "/rooms/blue";

  private TestServer server;
  private HttpClient http;
  private ApiClient admin;

  @BeforeEach
  void start() {
    server = new TestServer(true, Attacks.config());
    http = HttpClient.newHttpClient();
    admin = client(Forge.hs256(Forge.granting("room", "blue", "roomAdmin", true)));
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  @Test
  void whoIsMadeAHostMayModerateUntilItIsTakenBack() throws Exception {
    TestClient ann = join("ann", false);
    String person = BLUE + "/participants/" + id("ann");
    ApiClient hers = client(token("ann", false));
    assertEquals(403, hers.send("PATCH", BLUE, "{\"locked\":true}").statusCode());
    assertFalse(admin.get(person).get("host").asBoolean());
    assertTrue(admin.call(200, "PATCH", person, "{\"host\":true}").get("host").asBoolean());
    JsonNode told = ann.await("rules", each -> each.get("hosts").size() == 1);
    assertEquals(id("ann"), told.get("hosts").get(0).asText());
    assertTrue(hers.call(200, "PATCH", BLUE, "{\"locked\":true}").get("locked").asBoolean());
    hers.call(200, "PATCH", BLUE, "{\"locked\":false}");

    join("root", true);
    String root = BLUE + "/participants/" + id("root");
    assertEquals(403, hers.send("DELETE", root, null).statusCode());
    assertEquals(403, hers.send("PATCH", root, "{\"silenced\":[]}").statusCode());
    assertEquals(409, admin.send("PATCH", root, "{\"host\":false}").statusCode());
    assertEquals(403, hers.send("GET", "/rooms/red", null).statusCode());

    admin.call(200, "PATCH", person, "{\"host\":false}");
    ann.await("rules", each -> !each.get("hosts").toString().contains(id("ann")));
    assertEquals(403, hers.send("PATCH", BLUE, "{\"locked\":true}").statusCode());
  }

  @Test
  void whoHasNoIdentityCannotBeAHost() throws Exception {
    Map<String, Object> claims = Forge.without("sub");
    TestClient nobody = client(claims, "nobody");
    nobody.next("welcome");
    String person = BLUE + "/participants/" + server.room("blue").joins.getLast().id().value();
    HttpResponse<String> refused = admin.send("PATCH", person, "{\"host\":true}");
    assertEquals(409, refused.statusCode());
    assertTrue(refused.body().contains("identity"), refused.body());
  }

  @Test
  void rulesHoldForAllButHosts() throws Exception {
    TestClient ann = join("ann", false);
    TestClient host = join("host", true);
    JsonNode room = admin.call(200, "PATCH", BLUE, "{\"rules\":{\"chat\":false,\"screen\":false}}");
    assertFalse(room.get("rules").get("chat").asBoolean());
    assertTrue(room.get("rules").get("record").asBoolean());
    JsonNode told = ann.await("rules", each -> !each.get("rules").get("chat").asBoolean());
    assertFalse(told.get("rules").get("screen").asBoolean());
    ann.say("{\"type\":\"message\",\"topic\":\"chat\",\"text\":\"hi\"}");
    JsonNode error = ann.next("error");
    assertEquals("forbidden", error.get("code").asText());
    assertEquals("text", error.get("field").asText());
    assertFalse(error.get("fatal").asBoolean());
    ann.say("{\"type\":\"message\",\"topic\":\"hand\",\"text\":\"lower\"}");
    assertEquals("forbidden", ann.next("error").get("code").asText());
    host.say("{\"type\":\"message\",\"topic\":\"hand\",\"text\":\"lower\"}");
    host.say("{\"type\":\"message\",\"topic\":\"chat\",\"text\":\"hi\"}");
    host.say("{\"type\":\"stats\",\"id\":1}");
    host.await("stats", _ -> true);
    assertTrue(server.room("blue").calls.contains("send true null chat hi"));
    assertTrue(server.room("blue").calls.contains("send true null hand lower"));
    assertTrue(server.room("blue").calls.contains("permit [MICROPHONE, CAMERA]"));
    assertTrue(
        server.room("blue").calls.contains("permit [MICROPHONE, CAMERA, SCREEN_AUDIO, SCREEN]"));
    join("late", false);
    assertEquals(2, server.room("blue").joins.getLast().permissions().publish().size());
    assertEquals(400, admin.send("PATCH", BLUE, "{\"rules\":{\"chatt\":true}}").statusCode());
    assertEquals(400, admin.send("PATCH", BLUE, "{}").statusCode());
  }

  @Test
  void nobodyUnmutesThemselvesWhereTheRuleForbidsIt() throws Exception {
    join("ann", false);
    admin.call(200, "PATCH", BLUE, "{\"rules\":{\"unmute\":false}}");
    assertTrue(server.room("blue").calls.contains("silence [MICROPHONE]"));
    join("bob", false);
    assertTrue(
        server.room("blue").calls.stream()
            .anyMatch(call -> call.startsWith("restore") && call.contains("identity bob")));
    server.room("blue").calls.clear();
    admin.call(200, "PATCH", BLUE, "{\"rules\":{\"unmute\":true}}");
    assertEquals(
        2, server.room("blue").calls.stream().filter("silence []"::equals).count(), "both again");
  }

  @Test
  void listsAdmitsAndRefusesWhoWaits() throws Exception {
    client(Forge.hs256(Forge.granting("roomCreate", true)))
        .call(201, "PUT", BLUE, "{\"rules\":{\"waitingRoom\":true}}");
    TestClient ann = client(Forge.with("sub", "ann"), "Ann");
    ann.next("wait");
    TestClient bob = client(Forge.with("sub", "bob"), "Bob");
    bob.next("wait");
    TestClient eve = client(Forge.with("sub", "eve"), "Eve");
    eve.next("wait");
    JsonNode waiting = admin.get(BLUE + "/waiting").get("waiting");
    assertEquals(3, waiting.size());
    assertEquals("Ann", waiting.get(0).get("name").asText());
    assertEquals("ann", waiting.get(0).get("identity").asText());
    assertEquals(
        403, client(token("ann", false)).send("GET", BLUE + "/waiting", null).statusCode());
    assertEquals(400, admin.send("POST", BLUE + "/waiting", "{}").statusCode());

    assertEquals(409, lockedAdmission());
    assertEquals(
        1,
        admin.call(200, "POST", BLUE + "/waiting", "{\"name\":\"Bob\"}").get("admitted").asInt());
    bob.next("welcome");
    admin.call(204, "DELETE", BLUE + "/waiting/" + waiting.get(2).get("waiting").asText(), null);
    assertEquals("not-admitted", eve.next("error").get("code").asText());
    admin.call(404, "DELETE", BLUE + "/waiting/nobody", null);
    assertEquals(
        1, admin.call(200, "POST", BLUE + "/waiting", "{\"all\":true}").get("admitted").asInt());
    ann.next("welcome");
    assertEquals(0, admin.call(200, "DELETE", BLUE + "/waiting", null).get("refused").asInt());
  }

  @Test
  void aMeetingThatEndsSendsThoseAwayWhoWait() throws Exception {
    join("host", true);
    admin.call(200, "PATCH", BLUE, "{\"rules\":{\"waitingRoom\":true}}");
    TestClient ann = client(Forge.with("sub", "ann"), "Ann");
    ann.next("wait");
    admin.call(204, "DELETE", BLUE, null);
    assertEquals("room-closed", ann.next("error").get("code").asText());
    assertEquals(1013, ann.closeCode());
  }

  private int lockedAdmission() throws Exception {
    admin.call(200, "PATCH", BLUE, "{\"locked\":true}");
    int status = admin.send("POST", BLUE + "/waiting", "{\"all\":true}").statusCode();
    admin.call(200, "PATCH", BLUE, "{\"locked\":false}");
    return status;
  }

  private String id(String identity) {
    return server.room("blue").joins.stream()
        .filter(join -> join.identity() != null && join.identity().value().equals(identity))
        .findFirst()
        .orElseThrow()
        .id()
        .value();
  }

  private TestClient join(String identity, boolean host) throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    client.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"%s\",\"token\":\"%s\"}"
            .formatted(identity, token(identity, host)));
    client.next("welcome");
    return client;
  }

  private TestClient client(Map<String, Object> claims, String name) throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    client.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"%s\",\"token\":\"%s\"}"
            .formatted(name, Forge.hs256(claims)));
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
