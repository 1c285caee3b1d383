package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantDetails.TrackDetails;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.ParticipantStatistics.SlotStatistics;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.quality.Quality;
import org.plenum.sfu.quality.QualityCause;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.token.Forge;

class ApiTest {
  private static final String PERSON = "/rooms/blue/participants/";
  private static final List<CodecName> CODECS =
      List.of(CodecName.VP8, CodecName.H264, CodecName.OPUS);

  private TestServer server;
  private HttpClient http;
  private ApiClient admin;
  private ApiClient operator;

  @BeforeEach
  void start() {
    ServerConfig.Web web =
        new ServerConfig.Web(List.of(), List.of("https://app.example"), null, null, false);
    server = new TestServer(true, Attacks.config().with(web).withCodecs(CODECS));
    http = HttpClient.newHttpClient();
    admin = client(Forge.hs256(Forge.granting("room", "blue", "roomAdmin", true)));
    operator = client(Forge.hs256(Forge.granting("roomCreate", true, "roomList", true)));
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  @Test
  void creatingARoomTwiceIsCreatingItOnce() throws Exception {
    String wish = "{\"maxParticipants\":3,\"emptySeconds\":600,\"metadata\":\"m\"}";
    JsonNode made = operator.call(201, "PUT", "/rooms/blue", wish);
    assertEquals(3, made.get("maxParticipants").asInt());
    assertEquals(made, operator.call(200, "PUT", "/rooms/blue", wish));
    operator.call(409, "PUT", "/rooms/blue", "{\"maxParticipants\":4}");
    operator.call(409, "PUT", "/rooms/blue", wish.replace("{", "{\"codecs\":[\"opus\"],"));
    assertEquals(made, operator.get("/rooms/blue"));
    operator.call(204, "DELETE", "/rooms/blue", null);
    operator.call(404, "DELETE", "/rooms/blue", null);
    JsonNode again = operator.call(201, "PUT", "/rooms/blue", "{}");
    assertFalse(made.get("sid").equals(again.get("sid")));
  }

  @Test
  void aRoomHasTheCodecsThatWereAskedFor() throws Exception {
    String wish = "{\"codecs\":[\"av1\",\"opus\",\"vp9\"]}";
    JsonNode made = operator.call(201, "PUT", "/rooms/blue", wish);
    assertEquals("[\"av1\",\"opus\",\"vp9\"]", made.get("codecs").toString());
    assertEquals(made, operator.call(200, "PUT", "/rooms/blue", wish));
    JsonNode usual = operator.call(201, "PUT", "/rooms/red", "{\"codecs\":null}");
    assertEquals("[\"vp8\",\"h264\",\"opus\"]", usual.get("codecs").toString());
  }

  @Test
  void listsRoomsPageByPage() throws Exception {
    for (String room : List.of("c", "a", "b")) {
      operator.call(201, "PUT", "/rooms/" + room, "{}");
    }
    JsonNode first = operator.get("/rooms?limit=2");
    assertEquals("a", first.get("rooms").get(0).get("room").asText());
    assertEquals("b", first.get("next").asText());
    JsonNode second = operator.get("/rooms?limit=2&after=b");
    assertEquals("c", second.get("rooms").get(0).get("room").asText());
    assertTrue(second.get("next").isNull());
    operator.call(400, "GET", "/rooms?limit=0", null);
    operator.call(400, "GET", "/rooms?limit=many", null);
    operator.call(400, "GET", "/rooms?after=gone", null);
    assertEquals(3, operator.get("/server").get("rooms").asInt());
  }

  @Test
  void moderatesARoom() throws Exception {
    String token = Forge.hs256(Forge.claims());
    TestClient ann = join(token);
    String id = server.room("blue").joins.getLast().id().value();
    assertTrue(
        admin.call(200, "PATCH", "/rooms/blue", "{\"locked\":true}").get("locked").asBoolean());
    assertTrue(ann.next("rules").get("locked").asBoolean());
    assertTrue(admin.call(200, "PATCH", "/rooms/blue", "{\"p2p\":true}").get("p2p").asBoolean());
    assertTrue(server.room("blue").calls.contains("allow direct true"));
    admin.call(400, "PATCH", "/rooms/blue", "{}");
    JsonNode people = admin.get("/rooms/blue/participants");
    assertEquals("ann", people.get("participants").get(0).get("identity").asText());
    JsonNode permissions = admin.get(PERSON + id).get("permissions");
    assertEquals(4, permissions.get("publish").size());
    assertTrue(permissions.get("messages").asBoolean());

    String message = "{\"text\":\"hello\",\"topic\":\"t\",\"to\":\"%s\"}".formatted(id);
    JsonNode reached = admin.call(200, "POST", "/rooms/blue/messages", message);
    assertEquals(1, reached.get("recipients").asInt());
    assertTrue(server.room("blue").calls.contains("send false " + id + " t hello"));

    JsonNode changed =
        admin.call(
            200,
            "PATCH",
            PERSON + id,
            "{\"permissions\":{\"publish\":[\"camera\"],\"messages\":false}}");
    assertFalse(changed.get("permissions").get("messages").asBoolean());
    assertTrue(server.room("blue").calls.contains("permit [CAMERA]"));
    ann.say("{\"type\":\"message\",\"text\":\"hi\"}");
    assertEquals("forbidden", ann.next("error").get("code").asText());

    admin.call(202, "POST", PERSON + id + "/move", "{\"room\":\"red\",\"token\":\"t\"}");
    JsonNode move = ann.next("move");
    assertEquals("red", move.get("room").asText());
    assertEquals("t", move.get("token").asText());

    admin.call(204, "DELETE", PERSON + id, null);
    assertTrue(server.room("blue").calls.contains("leave REMOVED"));
    TestClient replay = new TestClient(http, server.webSocket());
    replay.say(hello(token));
    assertEquals("forbidden", replay.next("error").get("code").asText());
  }

  @Test
  void anInvitationLetsGuestsInUntilItIsTakenBack() throws Exception {
    String asked =
        "{\"name\":\"Guest\",\"publish\":[\"microphone\"],\"messages\":false,\"seconds\":600}";
    JsonNode made = admin.call(201, "POST", "/rooms/blue/invitations", asked);
    String link = made.get("token").asText();

    TestClient first = new TestClient(http, server.webSocket());
    first.say(hello(link));
    JsonNode welcome = first.next("welcome");
    assertEquals("Guest", welcome.get("name").asText());
    String pass = welcome.get("token").asText();
    JoinRequest joined = server.room("blue").joins.getLast();
    assertEquals(Set.of(TrackSource.MICROPHONE), joined.permissions().publish());
    first.say("{\"type\":\"message\",\"text\":\"hi\"}");
    assertEquals("forbidden", first.next("error").get("code").asText());
    TestClient second = new TestClient(http, server.webSocket());
    second.say(hello(link));
    second.next("welcome");
    assertNotEquals(
        joined.identity(), server.room("blue").joins.getLast().identity(), "two persons");
    TestClient again = new TestClient(http, server.webSocket());
    again.say(hello(pass));
    again.next("welcome");
    assertEquals(joined.identity(), server.room("blue").joins.getLast().identity());

    JsonNode list = admin.get("/rooms/blue/invitations").get("invitations");
    assertEquals(1, list.size());
    assertEquals(2, list.get(0).get("used").asInt());
    client(pass).call(403, "GET", "/rooms/blue/invitations", null);
    client(link).call(403, "GET", "/rooms/blue", null);
    admin.call(204, "DELETE", "/rooms/blue/invitations/" + made.get("invitation").asText(), null);
    for (String token : List.of(link, pass)) {
      TestClient late = new TestClient(http, server.webSocket());
      late.say(hello(token));
      assertEquals("unauthorized", late.next("error").get("code").asText());
    }
    admin.call(404, "DELETE", "/rooms/blue/invitations/none", null);
  }

  @Test
  void anInvitationForOneLetsOneIn() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    JsonNode made = admin.call(201, "POST", "/rooms/blue/invitations", "{\"once\":true}");
    String link = made.get("token").asText();
    TestClient other = new TestClient(http, server.webSocket());
    other.say(hello(link).replace("blue", "red"));
    assertEquals("forbidden", other.next("error").get("code").asText());
    server.room("blue").refusals.add(new RefusedException(Reason.ROOM_FULL, "full"));
    TestClient refused = new TestClient(http, server.webSocket());
    refused.say(hello(link));
    assertEquals("room-full", refused.next("error").get("code").asText());

    TestClient guest = new TestClient(http, server.webSocket());
    guest.say(hello(link));
    String pass = guest.next("welcome").get("token").asText();
    TestClient second = new TestClient(http, server.webSocket());
    second.say(hello(link));
    assertEquals("unauthorized", second.next("error").get("code").asText());
    TestClient again = new TestClient(http, server.webSocket());
    again.say(hello(pass));
    again.next("welcome");
    String forged = link.substring(0, link.length() - 1) + (link.endsWith("A") ? "E" : "A");
    TestClient forger = new TestClient(http, server.webSocket());
    forger.say(hello(forged));
    assertEquals("unauthorized", forger.next("error").get("code").asText());
  }

  @Test
  void anInvitationOutlivesARestart(@TempDir Path data) throws Exception {
    ServerConfig kept = Attacks.config().with(new ServerConfig.Events(List.of(), data));
    String moderator = Forge.hs256(Forge.granting("room", "blue", "roomAdmin", true));
    String link;
    try (TestServer first = new TestServer(true, kept)) {
      ApiClient api = new ApiClient(http, first.http(""), moderator);
      JsonNode made = api.call(201, "POST", "/rooms/blue/invitations", "{\"once\":true}");
      link = made.get("token").asText();
      TestClient guest = new TestClient(http, first.webSocket());
      guest.say(hello(link));
      guest.next("welcome");
    }
    try (TestServer second = new TestServer(true, kept)) {
      TestClient late = new TestClient(http, second.webSocket());
      late.say(hello(link));
      JsonNode error = late.next("error");
      assertTrue(error.get("message").asText().contains("who has come"), error.toString());
      ApiClient api = new ApiClient(http, second.http(""), moderator);
      JsonNode list = api.get("/rooms/blue/invitations").get("invitations");
      assertEquals(1, list.get(0).get("used").asInt());
    }
  }

  @Test
  void saysHowGoodTracksAndSlotsAre() throws Exception {
    join(Forge.hs256(Forge.claims()));
    FakeRoom room = server.room("blue");
    String id = room.joins.getLast().id().value();
    var camera = new TrackInfo(new TrackId("T1"), TrackSource.CAMERA, false);
    var microphone = new TrackInfo(new TrackId("T2"), TrackSource.MICROPHONE, true);
    room.tracks.add(new TrackDetails(camera, new Mid("0"), false, List.of(CodecName.VP8), 9, 1));
    room.tracks.add(
        new TrackDetails(microphone, new Mid("1"), false, List.of(CodecName.OPUS), 9, 1));
    var slot =
        new SlotStatistics(
            new Mid("2"),
            room.joins.getLast().id(),
            new TrackId("T3"),
            TrackSource.CAMERA,
            null,
            360,
            10,
            9_000,
            0,
            0,
            0,
            null);
    room.nextStatistics =
        CompletableFuture.completedFuture(
            new ParticipantStatistics(1, ParticipantStatistics.UNKNOWN, List.of(), List.of(slot)));
    room.quality.put(new Mid("0"), new Quality(100, QualityCause.NONE));
    room.quality.put(new Mid("2"), new Quality(42, QualityCause.VIEWER_DOWNLINK));
    JsonNode person = admin.get(PERSON + id);
    JsonNode tracks = person.get("tracks");
    assertEquals("good", tracks.get(0).get("quality").get("grade").asText());
    assertEquals(100, tracks.get(0).get("quality").get("score").asInt());
    assertTrue(tracks.get(1).get("quality").isNull(), "it is muted");
    JsonNode seen = person.get("media").get("slots").get(0).get("quality");
    assertEquals("poor", seen.get("grade").asText());
    assertEquals("viewer-downlink", seen.get("cause").asText());
  }

  @Test
  void aRemovalOutlivesARestart(@TempDir Path data) throws Exception {
    ServerConfig kept = Attacks.config().with(new ServerConfig.Events(List.of(), data));
    String token = Forge.hs256(Forge.claims());
    try (TestServer first = new TestServer(true, kept)) {
      TestClient ann = new TestClient(http, first.webSocket());
      ann.say(hello(token));
      ann.next("welcome");
      String id = first.room("blue").joins.getLast().id().value();
      ApiClient moderator =
          new ApiClient(
              http, first.http(""), Forge.hs256(Forge.granting("room", "blue", "roomAdmin", true)));
      moderator.call(204, "DELETE", PERSON + id, null);
    }
    try (TestServer second = new TestServer(true, kept)) {
      TestClient replay = new TestClient(http, second.webSocket());
      replay.say(hello(token));
      JsonNode error = replay.next("error");
      assertEquals("forbidden", error.get("code").asText());
      assertTrue(error.get("message").asText().contains("was removed"), error.toString());
    }
  }

  @Test
  void replaysWhatHappened() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    operator.call(204, "DELETE", "/rooms/blue", null);
    JsonNode page = operator.get("/events");
    while (page.get("events").size() < 2) {
      Thread.onSpinWait(); // the journal is a moment behind
      page = operator.get("/events");
    }
    assertEquals("room_finished", page.get("events").get(1).get("event").asText());
    assertEquals(2, page.get("next").asInt());
    assertEquals(1, operator.get("/events?after=1").get("events").size());
    assertEquals(1, operator.get("/events?limit=1").get("next").asInt());
    assertEquals(2, operator.get("/events?room=blue").get("events").size());
    JsonNode others = operator.get("/events?room=red");
    assertEquals(0, others.get("events").size());
    assertEquals(2, others.get("next").asInt(), "what is of other rooms need not be read again");
    operator.call(400, "GET", "/events?after=3", null);
    operator.call(400, "GET", "/events?after=-1", null);
    admin.call(403, "GET", "/events", null);
  }

  @Test
  void saysWhatIsNotThere() throws Exception {
    admin.call(404, "GET", "/rooms/blue", null);
    join(Forge.hs256(Forge.claims()));
    admin.call(404, "GET", PERSON + "nobody", null);
    admin.call(404, "DELETE", PERSON + "nobody", null);
    admin.call(404, "POST", PERSON + "nobody/move", "{\"room\":\"red\"}");
    admin.call(404, "PATCH", PERSON + "nobody/tracks/t", "{\"silenced\":true}");
    assertEquals(404, admin.send("GET", "/nothing", null).statusCode());
    assertEquals(404, admin.send("GET", "/rooms/blue/nothing", null).statusCode());
    assertEquals(404, admin.send("GET", PERSON + "a/nothing", null).statusCode());
    var wrong = admin.send("POST", "/rooms/blue", "{}");
    assertEquals(405, wrong.statusCode());
    assertEquals("GET, PUT, PATCH, DELETE", wrong.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void answersEveryOperationOfTheDocumentAndAsksForAToken() throws Exception {
    ApiClient stranger = client(null);
    ApiClient guest = client(Forge.hs256(Forge.claims()));
    for (OpenApi.Operation operation : OpenApi.operations()) {
      String path = operation.path().replace("{room}", "blue").replaceAll("\\{\\w+}", "some");
      if (path.equals("/openapi.json")) {
        assertEquals("3.1.0", stranger.get(path).get("openapi").asText());
        continue;
      }
      String body = operation.node().has("requestBody") ? "{}" : null;
      stranger.call(401, operation.method(), path, body);
      var refused = stranger.send(operation.method(), path, body);
      assertTrue(refused.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Bearer"));
      if (!path.equals("/server")) {
        guest.call(403, operation.method(), path, body);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.plenum.signaling.Attacks#table")
  void refusesTokens(String name, String token, String code, String message) throws Exception {
    int status = code.equals("unauthorized") ? 401 : 403;
    HttpResponse<String> response;
    try {
      response = client(token).send("GET", "/rooms", null);
    } catch (IllegalArgumentException e) {
      throw new AssertionError(name, e);
    }
    // A header of more than 8 KiB and 16 KiB in all is refused before anybody reads it.
    assertEquals(status, response.statusCode(), response.body());
    assertFalse(response.body().contains(token));
  }

  @ParameterizedTest
  @CsvSource({"red", "''"})
  void anAdminIsAdminOfOneRoom(String room) throws Exception {
    ApiClient other = client(Forge.hs256(Forge.granting("room", room, "roomAdmin", true)));
    other.call(403, "GET", "/rooms/blue/participants", null);
    other.call(403, "PATCH", "/rooms/blue", "{\"locked\":true}");
    other.call(403, "GET", "/rooms", null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/rooms/blue | nonsense | 400 | not the JSON",
        "/rooms/blue | [] | 400 | must be a JSON object",
        "/rooms/blue | {\"metadata\":\"a\",\"metadata\":\"b\"} | 400 | Duplicate",
        "/rooms/blue | {\"maxParticipants\":0} | 400 | maxParticipants must be 1 to 500, not 0",
        "/rooms/blue | {\"maxParticipants\":501} | 400 | maxParticipants must be 1 to 500",
        "/rooms/blue | {\"emptySeconds\":\"9\"} | 400 | emptySeconds must be a whole number",
        "/rooms/blue | {\"codecs\":[]} | 400 | codecs must hold at least one of opus, vp8",
        "/rooms/blue | {\"codecs\":[\"VP8\"]} | 400 | h265, not \\\"VP8\\\"",
        "/rooms/blue | {\"codecs\":[\"vp8\",\"vp8\"]} | 400 | must not hold vp8 twice",
        "/rooms/blue | {\"codecs\":[\"vp8\"]} | 400 | codecs must hold opus",
        "/rooms/blue | {\"codecs\":\"vp8\"} | 400 | codecs must be an array, not a string",
        "/rooms/blue | {\"codecs\":[8]} | 400 | codecs[0] must be a string, not the number 8",
        "/rooms/blue | {\"maxPartcipants\":2} | 400 | maxPartcipants is unknown here; the nearest there"
            + " is is maxParticipants",
        "/rooms/blue | {\"lifetime\":2} | 400 | \"detail\":\"lifetime is unknown here\"",
        "/rooms/a%20b | {} | 400 | room",
        "/rooms/%2e%2e | {} | 400 | ",
      })
  void namesWhatIsWrong(String path, String body, int status, String message) throws Exception {
    var response = operator.send("PUT", path, body);
    assertEquals(status, response.statusCode(), response.body());
    if (message != null) {
      assertTrue(response.body().contains(message), response.body());
    }
  }

  /// Each body with one field too many; nothing of it is done.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PATCH | /rooms/blue | {\"lockd\":true} | lockd is unknown here; the nearest there is is locked",
        "POST | /rooms/blue/messages | {\"text\":\"a\",\"topics\":\"b\"} | nearest there is is topic",
        "POST | /rooms/blue/participants/PA/move | {\"rom\":\"red\"} | nearest there is is room",
        "PATCH | /rooms/blue/participants/PA | {\"permission\":{}} | nearest there is is permissions",
        "PATCH | /rooms/blue/participants/PA | {\"permissions\":{\"publsh\":[]}} | permissions.publsh is"
            + " unknown here; the nearest there is is publish",
        "PATCH | /rooms/blue/participants/PA/tracks/T | {\"silence\":true} | there is is silenced",
        "GET | /rooms/blue/participants?limt=1 | | limt is an unknown parameter here; the nearest there"
            + " is is limit",
        "GET | /rooms?page=2 | | page is an unknown parameter here",
        "GET | /events?since=2 | | since is an unknown parameter here",
      })
  void refusesFieldsThatItDoesNotKnow(String method, String path, String body, String message)
      throws Exception {
    join(Forge.hs256(Forge.claims()));
    String id = server.room("blue").joins.getLast().id().value();
    String everything =
        Forge.hs256(
            Forge.granting(
                "room", "blue", "roomAdmin", true, "roomList", true, "roomCreate", true));
    var response = client(everything).send(method, path.replace("PA", id), body);
    assertEquals(400, response.statusCode(), response.body());
    assertTrue(response.body().contains(message), response.body());
  }

  @Test
  void boundsWhatItReads() throws Exception {
    operator.call(413, "PUT", "/rooms/blue", "{\"metadata\":\"" + "x".repeat(70_000) + "\"}");
    operator.call(400, "PUT", "/rooms/blue", "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}");
    operator.call(400, "PUT", "/rooms/blue", "{\"metadata\":\"" + "x".repeat(5_000) + "\"}");
    var form =
        HttpRequest.newBuilder(URI.create(server.http("/api/v1/rooms/blue")))
            .header("Authorization", "Bearer " + Forge.hs256(Forge.granting("roomCreate", true)))
            .header("Content-Type", "text/plain")
            .PUT(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertEquals(415, http.send(form, BodyHandlers.ofString()).statusCode());
  }

  @Test
  void answersPagesOfAllowedOriginsOnly() throws Exception {
    assertEquals(403, fromOrigin("https://evil.example").statusCode());
    var allowed = fromOrigin("https://app.example");
    assertEquals(204, allowed.statusCode());
    assertEquals(
        "https://app.example",
        allowed.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
  }

  @Test
  void withoutKeysItAnswersToItsOwnHostOnly() throws Exception {
    try (TestServer open = new TestServer(true)) {
      ApiClient local = new ApiClient(http, open.http(""), null);
      local.call(201, "PUT", "/rooms/blue", "{}");
      local.call(200, "PATCH", "/rooms/blue", "{\"locked\":true}");
      var proxied =
          HttpRequest.newBuilder(URI.create(open.http("/api/v1/rooms")))
              .header("X-Forwarded-For", "127.0.0.1")
              .build();
      assertEquals(403, http.send(proxied, BodyHandlers.ofString()).statusCode());
      assertTrue(raw(open.port(), "evil.example").startsWith("HTTP/1.1 403"));
      assertTrue(raw(open.port(), "localhost:1").startsWith("HTTP/1.1 200"));
    }
  }

  private static String raw(int port, String host) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String request =
          "GET /api/v1/rooms HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private HttpResponse<String> fromOrigin(String origin) throws Exception {
    var preflight =
        HttpRequest.newBuilder(URI.create(server.http("/api/v1/rooms")))
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "GET")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .build();
    return http.send(preflight, BodyHandlers.ofString());
  }

  private TestClient join(String token) throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    client.say(hello(token));
    client.next("welcome");
    return client;
  }

  private ApiClient client(String token) {
    return new ApiClient(http, server.http(""), token);
  }

  private static String hello(String token) {
    return "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ann\",\"token\":\"%s\"}"
        .formatted(token);
  }
}
