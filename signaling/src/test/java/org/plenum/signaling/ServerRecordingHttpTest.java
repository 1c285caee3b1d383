package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.bucket.S3Server;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.token.Forge;

/// Who may have the server record, what is listed and served of it, and what ends it.
class ServerRecordingHttpTest {
  private static final String RECORDING = "/rooms/blue/recording";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path data;
  private TestServer server;
  private HttpClient http;
  private ApiClient admin;
  private ApiClient operator;
  private String token;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer(true, Attacks.config().with(new ServerConfig.Recordings(data, 4, 30)));
    http = HttpClient.newHttpClient();
    token = Forge.hs256(Forge.granting("room", "blue", "roomAdmin", true, "roomJoin", true));
    admin = new ApiClient(http, server.http(""), token);
    operator =
        new ApiClient(
            http,
            server.http(""),
            Forge.hs256(Forge.granting("roomCreate", true, "roomList", true)));
    operator.call(201, "PUT", "/rooms/blue", "{}");
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  @Test
  void oneIsBegunOnceShownEndedListedAndDeleted() throws Exception {
    admin.call(404, "GET", RECORDING, null);
    operator.call(403, "POST", RECORDING, "{}");
    admin.call(403, "POST", "/rooms/red/recording", "{}");
    admin.call(400, "POST", RECORDING, "{\"title\":\"unknown\"}");
    JsonNode begun = admin.call(201, "POST", RECORDING, "{}");
    String id = begun.get("recording").asText();
    assertEquals(id, admin.call(200, "POST", RECORDING, "{}").get("recording").asText());
    assertEquals("/recordings/blue/" + id, begun.get("manifest").asText());
    assertTrue(server.room("blue").calls.contains("tap"));

    eventually(() -> get("/recordings/blue/" + id).statusCode() == 200);
    JsonNode listed = json(get("/recordings/blue")).get("recordings").get(0);
    assertEquals("server", listed.get("by").asText());
    assertFalse(listed.get("complete").asBoolean());
    assertEquals(409, send("DELETE", "/recordings/blue/" + id).statusCode(), "it goes on");

    admin.call(204, "DELETE", RECORDING, null);
    admin.call(404, "DELETE", RECORDING, null);
    JsonNode manifest = json(get("/recordings/blue/" + id));
    assertEquals("stopped", manifest.get("end").get("reason").asText());
    assertEquals("blue", manifest.get("room").asText());
    String ticket = json(get("/recordings/blue")).get("recordings").get(0).get("ticket").asText();
    URI played = URI.create(server.http("/recordings/blue/" + id + "?ticket=" + ticket));
    assertEquals(
        200,
        http.send(HttpRequest.newBuilder(played).build(), BodyHandlers.discarding()).statusCode());

    for (String trick :
        List.of(
            "manifest.json.new",
            "0001-camera.webm",
            "..%2F..%2Fversion",
            "%2e%2e",
            "manifest.json/",
            "",
            "0001-camera.mp4%00")) {
      int status = get("/recordings/blue/" + id + "/" + trick).statusCode();
      assertTrue(status == 404 || status == 400, trick + ": " + status);
    }
    assertEquals(403, get("/recordings/red/" + id).statusCode(), "another room's");
    assertEquals(204, send("DELETE", "/recordings/blue/" + id).statusCode());
    assertEquals(0, json(get("/recordings/blue")).get("recordings").size());
    assertFalse(Files.exists(data.resolve("recordings").resolve(id)));
  }

  @Test
  void twoStartsAtOnceAreOne() throws Exception {
    List<Thread> starts = new ArrayList<>();
    List<String> ids = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      starts.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    var request =
                        HttpRequest.newBuilder(URI.create(server.http("/api/v1" + RECORDING)))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build();
                    try {
                      ids.add(
                          json(http.send(request, BodyHandlers.ofString()))
                              .get("recording")
                              .asText());
                    } catch (IOException | InterruptedException e) {
                      ids.add(e.toString());
                    }
                  }));
    }
    for (Thread start : starts) {
      start.join();
    }
    assertEquals(1, ids.stream().distinct().count(), ids.toString());
    assertEquals(8, ids.size());
  }

  /// The room has not answered yet.
  @Test
  void aStopWhileItStartsWaitsAndEndsItAndOtherRoomsDoNotWait() throws Exception {
    operator.call(201, "PUT", "/rooms/red", "{}");
    var red =
        new ApiClient(
            http, server.http(""), Forge.hs256(Forge.granting("room", "red", "roomAdmin", true)));
    FakeRoom room = server.room("blue");
    room.taps = new CompletableFuture<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> start = threads.submit(() -> admin.call(201, "POST", RECORDING, "{}"));
      while (!room.calls.contains("tap")) {
        Thread.sleep(5);
      }
      Future<JsonNode> stop = threads.submit(() -> admin.call(204, "DELETE", RECORDING, null));
      red.call(201, "POST", "/rooms/red/recording", "{}");
      red.call(204, "DELETE", "/rooms/red/recording", null);
      assertFalse(stop.isDone());
      room.taps.complete(null);
      start.get(10, TimeUnit.SECONDS);
      stop.get(10, TimeUnit.SECONDS);
    }
    admin.call(404, "GET", RECORDING, null);
  }

  @Test
  void aDiskThatWasTakenAwayEndsItAndEverybodyWhoListensIsTold() throws Exception {
    String id = admin.call(201, "POST", RECORDING, "{}").get("recording").asText();
    Path folder = data.resolve("recordings").resolve(id);
    eventually(() -> Files.exists(folder.resolve("manifest.json")));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
    eventually(() -> status(RECORDING) == 404);
    eventually(
        () -> {
          for (JsonNode event : operator.get("/events").get("events")) {
            if (event.get("event").asText().equals("egress_ended")) {
              JsonNode info = event.get("egressInfo");
              assertEquals("EGRESS_FAILED", info.get("status").asText());
              assertEquals("EG_" + id, info.get("egressId").asText());
              assertTrue(info.get("error").asText().contains("disk"), info.toString());
              return true;
            }
          }
          return false;
        });
    assertFalse(server.room("blue").isClosed(), "the call goes on");
    admin.call(201, "POST", RECORDING, "{}");
  }

  @Test
  void theServersEndIsItsEnd() throws Exception {
    String id = admin.call(201, "POST", RECORDING, "{}").get("recording").asText();
    eventually(() -> get("/recordings/blue/" + id).statusCode() == 200);
    server.close();
    server = new TestServer(true, Attacks.config().with(new ServerConfig.Recordings(data, 4, 30)));
    JsonNode manifest = json(get("/recordings/blue/" + id));
    assertEquals("server-stopped", manifest.get("end").get("reason").asText());
  }

  @Test
  void oneThatIsInABucketIsPlayedFromThere() throws Exception {
    server.close();
    try (S3Server storage = new S3Server()) {
      var recordings =
          new ServerConfig.Recordings(data, 4, 30, 0, storage.settings("of-this-server/"));
      server = new TestServer(true, Attacks.config().with(recordings));
      operator =
          new ApiClient(
              http,
              server.http(""),
              Forge.hs256(Forge.granting("roomCreate", true, "roomList", true)));
      admin = new ApiClient(http, server.http(""), token);
      operator.call(201, "PUT", "/rooms/blue", "{}");
      String id = admin.call(201, "POST", RECORDING, "{}").get("recording").asText();
      eventually(() -> get("/recordings/blue/" + id).statusCode() == 200);
      admin.call(204, "DELETE", RECORDING, null);
      String manifest = "of-this-server/" + id + "/manifest.json";
      eventually(() -> Files.notExists(data.resolve("recordings").resolve(id)));
      assertEquals(List.of(manifest, "of-this-server/" + id + "/speakers.txt"), storage.names());

      String whole = get("/recordings/blue/" + id).body();
      assertTrue(whole.contains("stopped"), whole);
      HttpResponse<String> part =
          http.send(
              HttpRequest.newBuilder(URI.create(server.http("/recordings/blue/" + id)))
                  .header("Authorization", "Bearer " + token)
                  .header("Range", "bytes=1-4")
                  .build(),
              BodyHandlers.ofString());
      assertEquals(206, part.statusCode());
      assertEquals(whole.substring(1, 5), part.body());
      assertEquals(404, get("/recordings/blue/" + id + "/0001-camera.mp4").statusCode());
      String metrics =
          http.send(
                  HttpRequest.newBuilder(URI.create(server.management("/metrics"))).build(),
                  BodyHandlers.ofString())
              .body();
      assertTrue(metrics.contains("plenum_recording_uploads_total 1.0"), metrics);
      assertTrue(metrics.contains("plenum_recording_uploads_waiting 0.0"), metrics);
      assertTrue(metrics.contains("plenum_recording_bucket_failing_seconds 0.0"), metrics);

      storage.stop();
      assertEquals(503, get("/recordings/blue/" + id).statusCode());
      assertEquals(503, send("DELETE", "/recordings/blue/" + id).statusCode());
      assertEquals(1, json(get("/recordings/blue")).get("recordings").size());
      storage.start();
      assertEquals(204, send("DELETE", "/recordings/blue/" + id).statusCode());
      assertEquals(List.of(), storage.names());
    }
  }

  private int status(String path) throws Exception {
    return get("/api/v1" + path).statusCode();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path);
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new JsonMapper().readTree(response.body());
  }

  private static void eventually(Callable<Boolean> what) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!what.call()) {
      assertTrue(System.nanoTime() - until < 0, "it did not happen");
      Thread.sleep(50);
    }
  }
}
