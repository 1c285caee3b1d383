package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.URLEncoder;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// Files of the chat over HTTP.
class FileHttpTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path data;
  private TestServer server;

  private void start(int fileMebibytes) {
    ServerConfig config =
        ServerConfig.forTests()
            .with(new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false))
            .with(new ServerConfig.Recordings(data, 4, 30, fileMebibytes));
    server = new TestServer(true, config);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aFileIsTakenAndOnlyEverDownloaded() throws Exception {
    start(1);
    String html = "<script>alert(1)</script>";
    HttpResponse<String> made = post("../../ev\"il näme.html", html, ann());
    assertEquals(201, made.statusCode(), made.body());
    JsonNode file = MAPPER.readTree(made.body());
    assertEquals("ev_il näme.html", file.get("name").asText());
    assertEquals(html.length(), file.get("bytes").asInt());

    String path = "/files/blue/" + file.get("file").asText();
    HttpResponse<String> given = send("GET", path, null, ann());
    assertEquals(html, given.body());
    assertEquals("application/octet-stream", header(given, "Content-Type"));
    assertEquals("nosniff", header(given, "X-Content-Type-Options"));
    assertEquals(
        "attachment; filename*=UTF-8''ev_il%20n%C3%A4me.html",
        header(given, "Content-Disposition"));
    assertTrue(header(given, "Content-Security-Policy").contains("sandbox"));

    // It is no recording: not in the list, and not to be played.
    assertEquals(
        0,
        MAPPER
            .readTree(send("GET", "/recordings/blue", null, ann()).body())
            .get("recordings")
            .size());
    String asRecording = "/recordings/blue/" + file.get("file").asText();
    assertEquals(404, send("GET", asRecording, null, ann()).statusCode());

    assertEquals(401, send("GET", path, null, null).statusCode());
    assertEquals(403, send("GET", path, null, token("red", Map.of())).statusCode());
    assertEquals(403, send("DELETE", path, null, ann()).statusCode());
    HttpRequest delete =
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .method("DELETE", BodyPublishers.noBody())
            .header("Recording-Key", file.get("key").asText())
            .build();
    assertEquals(204, HTTP.send(delete, BodyHandlers.ofString()).statusCode());
    assertEquals(404, send("GET", path, null, ann()).statusCode());
  }

  @Test
  void refusesWhatIsTooMuchOrNotAllowed() throws Exception {
    start(1);
    assertEquals(413, post("big", "x".repeat(1024 * 1024 + 1), ann()).statusCode());
    assertEquals(201, post("fits", "x".repeat(1024 * 1024), ann()).statusCode());
    assertEquals(413, post("over the quota", "x", ann()).statusCode(), "a quarter of 4 MiB a room");
    assertEquals(400, post("empty", "", ann()).statusCode());
    assertEquals(400, send("POST", "/files/blue", "x", ann()).statusCode(), "without a name");
    assertEquals(400, post("a\u0000b", "x", ann()).statusCode());
    assertEquals(401, post("x", "x", null).statusCode());
    String silent = token("blue", Map.of("canPublishData", false));
    assertEquals(403, post("x", "x", silent).statusCode());
    assertEquals(403, post("x", "x", token("blue", Map.of("hidden", true))).statusCode());
    HttpRequest chunked =
        HttpRequest.newBuilder(URI.create(server.http("/files/blue?name=x")))
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8))))
            .header("Authorization", "Bearer " + ann())
            .build();
    assertEquals(411, HTTP.send(chunked, BodyHandlers.ofString()).statusCode());
    assertEquals(405, send("GET", "/files/blue", null, ann()).statusCode());
    assertEquals(1, stored(), "nothing is left of what was refused");
  }

  @Test
  void theRoomsRulesHold() throws Exception {
    start(1);
    TestClient client = new TestClient(HTTP, server.webSocket());
    client.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"x\",\"token\":\"%s\"}"
            .formatted(ann()));
    client.next("welcome");
    String text = "{\"type\":\"message\",\"topic\":\"file\",\"text\":\"{}\"}";
    client.say(text);
    var admin = new ApiClient(HTTP, server.http(""), token("blue", Map.of("roomAdmin", true)));
    admin.call(200, "PATCH", "/rooms/blue", "{\"rules\":{\"files\":false}}");
    HttpResponse<String> refused = post("x", "x", ann());
    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("hosts only"), refused.body());
    assertEquals(201, post("x", "x", token("blue", Map.of("roomAdmin", true))).statusCode());
    client.say(text);
    assertEquals("forbidden", client.await("error", _ -> true).get("code").asText());

    // What was sent before is told to who comes late.
    TestClient late = new TestClient(HTTP, server.webSocket());
    late.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"y\",\"token\":\"%s\"}"
            .formatted(ann()));
    JsonNode history = late.next("welcome").get("history");
    assertEquals(1, history.size());
    assertEquals("file", history.get(0).get("topic").asText());
  }

  @Test
  void isOffUntilItIsWanted() throws Exception {
    start(0);
    assertEquals(404, post("x", "x", ann()).statusCode());
    JsonNode access = MAPPER.readTree(send("GET", "/access.json", null, null).body());
    assertEquals(0, access.get("fileBytes").asInt(-1));
    assertFalse(Files.exists(data.resolve("recordings/x")));
  }

  private long stored() throws Exception {
    try (var files = Files.list(data.resolve("recordings"))) {
      return files.filter(each -> each.toString().endsWith(".media")).count();
    }
  }

  private HttpResponse<String> post(String name, String body, String token) throws Exception {
    String query = URLEncoder.encode(name, StandardCharsets.UTF_8);
    return send("POST", "/files/blue?name=" + query, body, token);
  }

  private HttpResponse<String> send(String method, String path, String body, String token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    // What is refused is not read: nothing is sent of it, and its connection is not used again.
    try (HttpClient fresh = HttpClient.newHttpClient()) {
      return fresh.send(request.expectContinue(body != null).build(), BodyHandlers.ofString());
    }
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static String ann() {
    return token("blue", Map.of());
  }

  private static String token(String room, Map<String, Object> more) {
    Map<String, Object> grants = new java.util.LinkedHashMap<>(more);
    grants.put("room", room);
    grants.put("roomJoin", true);
    return Forge.hs256(Forge.with("video", grants));
  }
}
