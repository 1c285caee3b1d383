package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.token.Forge;

/// Recordings over HTTP, on a server that asks for tokens.
class RecordingHttpTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String WISH = "{\"title\":\"Ada\",\"contentType\":\"video/mp4\"}";

  @TempDir Path data;
  private TestServer server;

  @BeforeEach
  void start() {
    ServerConfig config =
        ServerConfig.forTests()
            .with(new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false))
            .with(new ServerConfig.Recordings(data, 4, 30));
    server = new TestServer(true, config);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theRoomOnItsDiskIsMeasured() throws Exception {
    String metrics =
        HTTP.send(
                HttpRequest.newBuilder(URI.create(server.management("/metrics"))).build(),
                BodyHandlers.ofString())
            .body();
    double free = gauge(metrics, "plenum_disk_free_bytes");
    double size = gauge(metrics, "plenum_disk_size_bytes");
    assertTrue(free > 0 && free <= size, free + " of " + size);
    assertEquals(Files.getFileStore(data).getTotalSpace(), size);
  }

  private static double gauge(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in\n" + metrics));
  }

  /// Browsers that go there are shown a page; whoever does not ask for HTML is told the list, as
  /// the page's own script is.
  @Test
  void theListIsAPageToABrowser() throws Exception {
    String browsers = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    HttpResponse<String> page = accept("/recordings/blue", browsers);
    assertEquals(200, page.statusCode());
    assertTrue(page.body().contains("src=\"../recordings.js\""), page.body());
    assertTrue(page.headers().allValues("Vary").contains("Accept"), page.headers().toString());
    for (String programs : List.of("*/*", "application/json", "application/json, text/html")) {
      HttpResponse<String> list = accept("/recordings/blue", programs);
      assertEquals(401, list.statusCode(), programs);
      assertEquals("Accept", list.headers().firstValue("Vary").orElse(""));
    }
    assertEquals(404, accept("/recordings/no%20room", browsers).statusCode());
    assertEquals(404, accept("/recordings/blue/one", browsers).statusCode(), "no page");
  }

  private HttpResponse<String> accept(String path, String types) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(server.http(path))).header("Accept", types).build(),
        BodyHandlers.ofString());
  }

  @Test
  void partsAreUploadedListedPlayedAndDeleted() throws Exception {
    JsonNode created = MAPPER.readTree(create("blue").body());
    String path = "/recordings/blue/" + created.get("recording").asText();
    String key = created.get("key").asText();

    assertEquals("5", offset(patch(path, key, "0", "?0", "hello", 204)));
    assertEquals("5", offset(patch(path, key, "0", "?0", "hello", 409)));
    assertEquals("11", offset(patch(path, key, "5", "?1", " world", 204)));

    JsonNode listed = MAPPER.readTree(get("/recordings/blue", 200, bearer("blue")).body());
    JsonNode only = listed.get("recordings").get(0);
    assertEquals(11, only.get("bytes").asInt());
    assertTrue(only.get("complete").asBoolean());
    assertTrue(only.path("key").isMissingNode(), "nobody else learns the key");
    String play = path + "?ticket=" + only.get("ticket").asText();
    HttpResponse<String> whole = get(play, 200);
    assertEquals("hello world", whole.body());
    assertEquals("video/mp4", header(whole, "Content-Type"));
    assertEquals("bytes", header(whole, "Accept-Ranges"));
    assertRange(play, "bytes=6-", "world", "bytes 6-10/11");
    assertRange(play, "bytes=0-4", "hello", "bytes 0-4/11");
    assertRange(play, "bytes=-3", "rld", "bytes 8-10/11");
    assertRange(play, "bytes=4-400", "o world", "bytes 4-10/11");
    assertEquals("bytes */11", header(get(play, 416, "Range", "bytes=11-"), "Content-Range"));
    for (String whatever : List.of("bytes=x", "bytes=0-1,3-4", "lines=1-2", "bytes=5-2")) {
      assertEquals("hello world", get(play, 200, "Range", whatever).body());
    }

    assertEquals(204, send("DELETE", path, "", "Recording-Key", key).statusCode());
    get(play, 404);
  }

  @Test
  void whoHasNoRightIsRefused() throws Exception {
    JsonNode created = MAPPER.readTree(create("blue").body());
    String path = "/recordings/blue/" + created.get("recording").asText();
    String key = created.get("key").asText();
    patch(path, key, "0", "?0", "hello", 204);

    get("/recordings/blue", 401);
    get("/recordings/blue", 403, bearer("red"));
    get(path, 401);
    get(path, 403, bearer("red"));
    get(path + "?ticket=99999999999.x", 401);
    get(path.replace("blue", "red"), 404, bearer("red"));
    assertEquals(401, send("POST", "/recordings/blue", WISH).statusCode());
    patch(path, "wrong", "5", "?1", "x", 403);
    patch(path.replace("blue", "red"), key, "5", "?1", "x", 404);
    assertEquals(403, send("DELETE", path, "", "Recording-Key", "wrong").statusCode());
    assertEquals(403, send("DELETE", path, "", bearer("blue")).statusCode());
    Map<String, Object> moderator =
        Forge.granting("room", "blue", "roomJoin", true, "roomAdmin", true);
    String token = "Bearer " + Forge.hs256(moderator);
    assertEquals(204, send("DELETE", path, "", "Authorization", token).statusCode());
  }

  @Test
  void theGrantsOfACallHoldForRecordingsToo() throws Exception {
    JsonNode created = MAPPER.readTree(create("blue").body());
    String path = "/recordings/blue/" + created.get("recording").asText();
    patch(path, created.get("key").asText(), "0", "?0", "hello", 204);
    Map<String, String> refused =
        Map.of(
            "canSubscribe", "GET /recordings/blue",
            "canPublish", "POST /recordings/blue",
            "hidden", "POST /recordings/blue");
    for (Map.Entry<String, String> each : refused.entrySet()) {
      boolean granted = each.getKey().equals("hidden");
      String token =
          Forge.hs256(Forge.granting("room", "blue", "roomJoin", true, each.getKey(), granted));
      String[] request = each.getValue().split(" ");
      HttpResponse<String> answer =
          send(
              request[0],
              request[1],
              request[0].equals("POST") ? WISH : "",
              "Authorization",
              "Bearer " + token,
              "Content-Type",
              "application/json");
      assertEquals(403, answer.statusCode(), each.getKey());
      assertTrue(answer.body().contains(each.getKey()), answer.body());
    }
    String deaf =
        Forge.hs256(Forge.granting("room", "blue", "roomJoin", true, "canSubscribe", false));
    get(path, 403, "Authorization", "Bearer " + deaf);
    String mute =
        Forge.hs256(Forge.granting("room", "blue", "roomJoin", true, "canPublish", false));
    get("/recordings/blue", 200, "Authorization", "Bearer " + mute);
  }

  @Test
  void nonsenseIsRefusedByName() throws Exception {
    JsonNode created = MAPPER.readTree(create("blue").body());
    String path = "/recordings/blue/" + created.get("recording").asText();
    String key = created.get("key").asText();
    for (String offset : List.of("x", "-1", "")) {
      assertTrue(patch(path, key, offset, "?0", "a", 400).body().contains("Upload-Offset"));
    }
    HttpResponse<String> tooMuch = patch(path, key, "0", "?0", "x".repeat(1 << 21), 413);
    assertTrue(tooMuch.body().contains("1048576"), tooMuch.body());
    for (String trick : List.of("..%2f..%2fetc", "%2e%2e", "x", "0123456789abcdef0123/x")) {
      int status = send("GET", "/recordings/blue/" + trick, "", bearer("blue")).statusCode();
      assertTrue(status == 400 || status == 404, trick + " " + status);
    }
    assertEquals(405, send("PUT", path, "x").statusCode());
    assertEquals(
        415,
        send("POST", "/recordings/blue", WISH, bearer("blue")[0], bearer("blue")[1]).statusCode());
    for (String wish :
        List.of(
            "{",
            "{}",
            "{\"title\":\"a\",\"contentType\":\"text/html\"}",
            WISH.replace("}", ",\"lenght\":1}"))) {
      HttpResponse<String> refusal = send("POST", "/recordings/blue", wish, json("blue"));
      assertEquals(400, refusal.statusCode(), refusal.body());
    }
  }

  @Test
  void aTitleOfTenThousandCharactersWithMarksOfDirectionIsRefusedByName() throws Exception {
    String title = "\u202E\u05D0\u200F\u2067a".repeat(2_000);
    HttpResponse<String> refusal =
        send("POST", "/recordings/blue", WISH.replace("Ada", title), json("blue"));
    assertEquals(400, refusal.statusCode(), refusal.body());
    assertTrue(refusal.body().contains("title"), refusal.body());
    assertTrue(refusal.body().length() < 1_000, "it is not repeated");
    String listed = send("GET", "/recordings/blue", "", bearer("blue")).body();
    assertEquals(0, MAPPER.readTree(listed).get("recordings").size());
  }

  @Test
  void anUploadThatBreaksOffOrAFileThatIsGoneIsNoFaultOfTheDisk() throws Exception {
    JsonNode created = MAPPER.readTree(create("blue").body());
    String path = "/recordings/blue/" + created.get("recording").asText();
    String key = created.get("key").asText();
    try (Socket socket = new Socket("127.0.0.1", URI.create(server.http("")).getPort())) {
      String head =
          "PATCH %s HTTP/1.1\r\nHost: localhost\r\nRecording-Key: %s\r\nUpload-Offset: 0\r\n"
                  .formatted(path, key)
              + "Connection: close\r\nContent-Length: 100\r\n\r\nhello";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
      assertTrue(answer.contains("broke off"), answer);
    }
    assertEquals("5", offset(get(path, 200, "Recording-Key", key)));

    Files.delete(data.resolve("recordings/" + created.get("recording").asText() + ".media"));
    get(path, 404, "Recording-Key", key);
    assertEquals(0, server.counters().value(SignalingCounter.NOT_STORED));
    Files.move(data.resolve("recordings"), data.resolve("away"));
    assertEquals(507, send("POST", "/recordings/blue", WISH, json("blue")).statusCode());
    assertEquals(1, server.counters().value(SignalingCounter.NOT_STORED));
  }

  @Test
  void withoutADirectoryNothingIsKept() throws Exception {
    try (TestServer bare = new TestServer(true)) {
      URI uri = URI.create(bare.http("/recordings/blue"));
      HttpResponse<String> answer =
          HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertEquals(404, answer.statusCode());
      assertTrue(answer.body().contains("data.dir"), answer.body());
    }
  }

  private HttpResponse<String> create(String room) throws Exception {
    HttpResponse<String> created = send("POST", "/recordings/" + room, WISH, json(room));
    assertEquals(201, created.statusCode(), created.body());
    return created;
  }

  private HttpResponse<String> patch(
      String path, String key, String offset, String last, String body, int status)
      throws Exception {
    HttpResponse<String> answer =
        send(
            "PATCH",
            path,
            body,
            "Recording-Key",
            key,
            "Upload-Offset",
            offset,
            "Upload-Complete",
            last);
    assertEquals(status, answer.statusCode(), answer.body());
    return answer;
  }

  private HttpResponse<String> get(String path, int status, String... headers) throws Exception {
    HttpResponse<String> answer = send("GET", path, "", headers);
    assertEquals(status, answer.statusCode(), answer.body());
    return answer;
  }

  private void assertRange(String path, String range, String body, String contentRange)
      throws Exception {
    HttpResponse<String> part = get(path, 206, "Range", range);
    assertEquals(body, part.body());
    assertEquals(contentRange, header(part, "Content-Range"));
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String[] bearer(String room) {
    Map<String, Object> claims = Forge.granting("room", room, "roomJoin", true);
    return new String[] {"Authorization", "Bearer " + Forge.hs256(claims)};
  }

  private static String[] json(String room) {
    String[] bearer = bearer(room);
    return new String[] {bearer[0], bearer[1], "Content-Type", "application/json"};
  }

  private static String offset(HttpResponse<String> response) {
    return header(response, "Upload-Offset");
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
