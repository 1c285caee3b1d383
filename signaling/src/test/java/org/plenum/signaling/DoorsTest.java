package org.plenum.signaling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// One grammar for ids and one for texts that people see, whichever door they come by: WebSocket,
/// WHIP, WHEP, API, recordings, tokens.
class DoorsTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /// The longest name in bytes there is: 64 code points of four bytes each.
  private static final String LONGEST = "𠀀".repeat(64);

  @TempDir private Path data;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(true, ServerConfig.forTests().with(recordings()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Größe", "会议室", "غرفة", "कमरा", "Lobby-1_x.y"})
  void aRoomInAnyScriptIsTheSameAtEveryDoor(String room) throws Exception {
    enterEverywhere(room, encoded(room));
  }

  @Test
  void theLongestNameIsTakenAtEveryDoor() throws Exception {
    enterEverywhere(LONGEST, encoded(LONGEST));
  }

  @Test
  void aRoomIsTheSameHoweverItWasTyped() throws Exception {
    String typed = Normalizer.normalize("Größe", Normalizer.Form.NFD);
    enterEverywhere("Größe", encoded(typed));
  }

  private void enterEverywhere(String room, String path) throws Exception {
    JsonNode welcome = hello(room, "Ada").next("welcome");
    assertEquals(room, welcome.get("room").asText());
    HttpResponse<String> made = sdp("/whip/" + path, WhipTexts.publishing());
    assertEquals(201, made.statusCode(), made.body());
    String session = made.headers().firstValue("Location").orElseThrow();
    assertTrue(session.startsWith("/whip/" + encoded(room) + "/"), session);
    assertEquals(201, sdp("/whep/" + path, WhipTexts.viewing()).statusCode());
    assertEquals(3, server.room(room).joins.size());
    assertEquals(200, send("DELETE", session, "").statusCode());
    HttpResponse<String> shown = send("GET", "/api/v1/rooms/" + path, "");
    assertEquals(room, MAPPER.readTree(shown.body()).get("room").asText(), shown.body());
    HttpResponse<String> recorded =
        json("POST", "/recordings/" + path, "{\"title\":\"x\",\"contentType\":\"video/webm\"}");
    assertEquals(201, recorded.statusCode(), recorded.body());
    String recording = recorded.headers().firstValue("Location").orElseThrow();
    assertEquals(200, send("GET", recording, "").statusCode());
    HttpResponse<String> put =
        json("PUT", "/api/v1/rooms/" + path + "2", "{}"); // whatever the name, kept on disk
    assertEquals(room.codePointCount(0, room.length()) < 64 ? 201 : 400, put.statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a;b",
        "a\u200Bb",
        "a\u202Eb",
        "\u3164",
        "a\u00A0b",
        "a\u2028b",
        "ab\u0000"
      })
  void anotherNameIsRefusedByNameAtEveryDoor(String room) throws Exception {
    JsonNode error = hello(room, "Ada").next("error");
    assertEquals("room", error.get("field").asText());
    assertTrue(error.get("message").asText().startsWith("room may hold letters"), error.toString());
    String path = encoded(room);
    if (room.indexOf(0) >= 0) {
      return; // the HTTP server refuses the address itself
    }
    assertRefused(404, sdp("/whip/" + path, WhipTexts.publishing()));
    assertRefused(404, sdp("/whep/" + path, WhipTexts.viewing()));
    assertRefused(400, send("GET", "/api/v1/rooms/" + path, ""));
    assertRefused(400, json("PUT", "/api/v1/rooms/" + path, "{}"));
    assertRefused(400, send("GET", "/recordings/" + path, ""));
    assertEquals(0, server.rooms.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {".", ".."})
  void dotsAreRefusedWhereTheyArrive(String room) throws Exception {
    JsonNode error = hello(room, "Ada").next("error");
    assertEquals("room", error.get("field").asText());
    for (String path : List.of("/whip/", "/api/v1/rooms/", "/recordings/")) {
      String answer = raw("GET " + path + room + " HTTP/1.1");
      assertTrue(answer.contains("room must not be"), answer);
    }
  }

  @Test
  void thePageIsServedForRoomsOnly() throws Exception {
    for (String room : List.of("blue", encoded("会议室"), encoded(LONGEST))) {
      HttpResponse<String> page = send("GET", "/r/" + room, "");
      assertEquals(200, page.statusCode());
      assertTrue(page.body().contains("<title>"), page.body());
    }
    for (String room : List.of("", "a%20b", "a;b", "a/b", "%E2%80%8B", encoded(LONGEST + "x"))) {
      HttpResponse<String> refused = send("GET", "/r/" + room, "");
      assertEquals(404, refused.statusCode());
      assertTrue(refused.body().contains("no such room: room m"), refused.body());
    }
  }

  @Test
  void aParameterIsNoPartOfAName() throws Exception {
    assertRefused(404, sdp("/whip/blue;x=1", WhipTexts.publishing()));
    assertRefused(400, send("GET", "/api/v1/rooms/blue;x=1", ""));
    assertRefused(400, send("GET", "/recordings/blue;x", ""));
  }

  @Test
  void aTokenNamesARoomByTheSameGrammar() throws Exception {
    server.close();
    server =
        new TestServer(
            true,
            ServerConfig.forTests()
                .with(
                    new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false))
                .with(recordings()));
    String typed = Normalizer.normalize("Größe", Normalizer.Form.NFD);
    assertEquals("Größe", enter("Größe", token(typed, "Ada")).next("welcome").get("room").asText());
    for (String room : List.of("a b", "..", "a;b")) {
      JsonNode error = enter("blue", token(room, "Ada")).next("error");
      assertEquals("unauthorized", error.get("code").asText());
      assertTrue(error.get("message").asText().contains("video.room m"), error.toString());
    }
    JsonNode error = enter("blue", token("blue", "\u200B")).next("error");
    assertTrue(
        error
            .get("message")
            .asText()
            .contains("name must have 1 to 64 characters that can be seen"),
        error.toString());
    enter("blue", token("blue", "\u202Eevil\nname")).next("welcome");
    assertEquals("evil name", server.room("blue").joins.getLast().name());
  }

  @Test
  void aNameIsNormalizedAtEveryDoor() throws Exception {
    String name = "\u202E Ada\n\u2028Lovelace\u202C ";
    hello("blue", name).next("welcome");
    assertEquals("Ada Lovelace", server.room("blue").joins.getLast().name());
    String query = "?name=" + encoded(name);
    assertEquals(201, sdp("/whip/blue" + query, WhipTexts.publishing()).statusCode());
    assertEquals("Ada Lovelace", server.room("blue").joins.getLast().name());
    String octopuses = "🐙".repeat(64);
    hello("blue", octopuses).next("welcome");
    assertEquals(octopuses, server.room("blue").joins.getLast().name());
    JsonNode refused = hello("blue", octopuses + "x").next("error");
    assertEquals("name must have at most 64 characters, not 65", refused.get("message").asText());
    assertEquals("name", refused.get("field").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u200B\u2060", "\n\r\n", "a\u0000b", "\u202E"})
  void aNameThatCannotBeShownIsRefused(String name) throws Exception {
    assertEquals("name", hello("blue", name).next("error").get("field").asText());
    HttpResponse<String> refused = sdp("/whip/blue?name=" + encoded(name), WhipTexts.publishing());
    assertEquals(400, refused.statusCode());
    assertEquals("name", MAPPER.readTree(refused.body()).get("field").asText());
  }

  @Test
  void aTitleIsALine() throws Exception {
    String title = "The\n\u202Etalk\u202C of  Monday";
    HttpResponse<String> made = json("POST", "/recordings/blue", wish(title));
    assertEquals("The talk of Monday", MAPPER.readTree(made.body()).get("title").asText());
    for (String refused : List.of("a\u0000b", "\u200B", " ", "x".repeat(201))) {
      HttpResponse<String> answer = json("POST", "/recordings/blue", wish(refused));
      assertEquals(400, answer.statusCode());
      assertTrue(answer.body().contains("title must"), answer.body());
    }
  }

  @Test
  void chatIsTextAndWhatProgramsSayIsTheirs() throws Exception {
    TestClient ada = hello("blue", "Ada");
    ada.next("welcome");
    ada.say(message("chat", "a" + "\n".repeat(90) + "b\u202E"));
    ada.say(message("", " hi\r\n"));
    ada.say(message("doc", "a\n\n\n\u0000b\u202E"));
    ada.say(message("chat", "\n".repeat(90)));
    assertEquals("text", ada.next("error").get("field").asText());
    ada.say(message("chat", "a\u0007"));
    assertEquals("text", ada.next("error").get("field").asText());
    List<String> said =
        server.room("blue").calls.stream().filter(call -> call.startsWith("send ")).toList();
    assertEquals(
        List.of(
            "send true null chat a\n\nb",
            "send true null  hi",
            "send true null doc a\n\n\n\u0000b\u202E"),
        said);
  }

  private ServerConfig.Recordings recordings() {
    return new ServerConfig.Recordings(data, 4, 30);
  }

  private static String token(String room, String name) {
    var claims = Forge.granting("room", room, "roomJoin", true);
    claims.put("name", name);
    return Forge.hs256(claims);
  }

  private static String message(String topic, String text) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "message")
        .put("topic", topic)
        .put("text", text)
        .toString();
  }

  private static String wish(String title) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("title", title)
        .put("contentType", "video/webm")
        .toString();
  }

  private TestClient hello(String room, String name) throws Exception {
    return open().say(greeting(room).put("name", name).toString());
  }

  private TestClient enter(String room, String token) throws Exception {
    return open().say(greeting(room).put("token", token).toString());
  }

  private TestClient open() throws Exception {
    return new TestClient(HTTP, server.webSocket());
  }

  private static ObjectNode greeting(String room) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "hello")
        .put("version", 1)
        .put("room", room);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private HttpResponse<String> sdp(String path, String offer) throws Exception {
    return send("POST", path, offer, "application/sdp");
  }

  private HttpResponse<String> json(String method, String path, String body) throws Exception {
    return send(method, path, body, "application/json");
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return send(method, path, body, "text/plain");
  }

  private HttpResponse<String> send(String method, String path, String body, String type)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .header("Content-Type", type)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private String raw(String line) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String request = line + "\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static void assertRefused(int status, HttpResponse<String> response) throws Exception {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals("room", MAPPER.readTree(response.body()).get("field").asText(), response.body());
  }
}
