package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.token.Forge;

/// A process that is killed (SIGKILL) while it writes loses nothing of what it had acknowledged.
class KilledServerTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int ROUNDS = 3;

  /// Acknowledgements of each kind before the kill; more come until it falls.
  private static final int ENOUGH = 5;

  private static final String OPERATOR =
      Forge.hs256(Forge.granting("roomCreate", true, "roomList", true));

  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(7);

  @TempDir private Path directory;

  /// What was acknowledged, over all rounds.
  private final Map<String, Boolean> locks = new LinkedHashMap<>();

  private final List<String> closed = new ArrayList<>();
  private final List<String> removed = new ArrayList<>();
  private final Map<Long, JsonNode> events = new LinkedHashMap<>();
  private final List<Upload> uploads = new ArrayList<>();

  private volatile boolean killed;

  private static final class Upload {
    String path;
    String key;
    int acknowledged;
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
  }

  @Tag("slow")
  @Test
  void losesNothingThatItHadAcknowledged() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = start()) {
        verify(server);
        writeUntilItIsKilled(server, round);
      }
    }
    try (ServerProcess server = start()) {
      verify(server);
    }
  }

  private void writeUntilItIsKilled(ServerProcess server, int round) throws Exception {
    killed = false;
    var enough = new CountDownLatch(4 * ENOUGH);
    Step upload = upload(server);
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          List.of(
              writers.submit(() -> untilItFails(i -> makeAndLock(server, round, i), enough)),
              writers.submit(() -> untilItFails(i -> remove(server, round, i), enough)),
              writers.submit(() -> untilItFails(_ -> read(server), enough)),
              writers.submit(() -> untilItFails(upload, enough)));
      boolean acknowledged = enough.await(60, TimeUnit.SECONDS);
      killed = true;
      server.signal("KILL");
      for (Future<?> writer : all) {
        writer.get();
      }
      assertTrue(acknowledged, "enough was acknowledged in time");
    }
  }

  /// One thing after another, each acknowledged before the next begins.
  private interface Step {
    void take(int number) throws Exception;
  }

  private void untilItFails(Step step, CountDownLatch enough) {
    for (int i = 0; ; i++) {
      try {
        step.take(i);
        if (i < ENOUGH) {
          enough.countDown();
        }
      } catch (IOException | ExecutionException | AssertionError e) {
        assertTrue(killed, () -> "it failed before it was killed: " + e);
        return;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void makeAndLock(ServerProcess server, int round, int number) throws Exception {
    String room = "made-" + round + "-" + number;
    call(201, "PUT", server, "/api/v1/rooms/" + room, "{\"metadata\":\"" + room + "\"}", OPERATOR);
    locks.put(room, false);
    if (number % 2 == 0) {
      String admin = Forge.hs256(Forge.granting("room", room, "roomAdmin", true));
      call(200, "PATCH", server, "/api/v1/rooms/" + room, "{\"locked\":true}", admin);
      locks.put(room, true);
    }
    if (number % 3 == 0) {
      locks.remove(room); // on its way it may be closed, though nobody was told
      call(204, "DELETE", server, "/api/v1/rooms/" + room, null, OPERATOR);
      closed.add(room);
    }
  }

  private void remove(ServerProcess server, int round, int number) throws Exception {
    Map<String, Object> claims = Forge.granting("room", "blue", "roomJoin", true);
    claims.put("sub", "guest-" + round + "-" + number);
    String token = Forge.hs256(claims);
    TestClient guest = new TestClient(http, server.webSocket());
    guest.say(hello(token));
    String id = guest.next("welcome").get("participant").asText();
    String admin = Forge.hs256(Forge.granting("room", "blue", "roomAdmin", true));
    call(204, "DELETE", server, "/api/v1/rooms/blue/participants/" + id, null, admin);
    removed.add(token);
    guest.socket().abort();
  }

  private void read(ServerProcess server) throws Exception {
    String after = "/api/v1/events?after=" + events.size();
    for (JsonNode event : json(call(200, "GET", server, after, null, OPERATOR)).get("events")) {
      assertEquals(events.size() + 1, event.get("index").asLong());
      events.put(event.get("index").asLong(), event);
    }
  }

  private Step upload(ServerProcess server) throws Exception {
    Upload upload = new Upload();
    String wish = "{\"title\":\"t\",\"contentType\":\"video/mp4\"}";
    JsonNode made = json(call(201, "POST", server, "/recordings/blue", wish, guest()));
    upload.path = "/recordings/blue/" + made.get("recording").asText();
    upload.key = made.get("key").asText();
    uploads.add(upload);
    return _ -> {
      byte[] part = content(upload.acknowledged, 1 + random.nextInt(100_000));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.http() + upload.path))
              .header("Recording-Key", upload.key)
              .header("Upload-Offset", String.valueOf(upload.acknowledged))
              .method("PATCH", BodyPublishers.ofByteArray(part))
              .build();
      assertEquals(204, http.send(request, BodyHandlers.ofString()).statusCode());
      upload.acknowledged += part.length;
    };
  }

  private void verify(ServerProcess server) throws Exception {
    for (Map.Entry<String, Boolean> room : locks.entrySet()) {
      JsonNode found =
          json(call(200, "GET", server, "/api/v1/rooms/" + room.getKey(), null, OPERATOR));
      // A lock that was on its way may hold, though nobody was told.
      assertTrue(found.get("locked").asBoolean() || !room.getValue(), found::toString);
      assertEquals(room.getKey(), found.get("metadata").asText());
    }
    for (String room : closed) {
      call(404, "GET", server, "/api/v1/rooms/" + room, null, OPERATOR);
    }
    for (String token : removed) {
      TestClient again = new TestClient(http, server.webSocket());
      again.say(hello(token));
      assertEquals("forbidden", again.next("error").get("code").asText());
    }
    Map<Long, JsonNode> told = new LinkedHashMap<>(events);
    events.clear();
    for (int before = -1; before < events.size() && events.size() < told.size(); ) {
      before = events.size();
      read(server);
    }
    told.forEach((index, event) -> assertEquals(event, events.get(index)));
    for (Upload upload : uploads) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.http() + upload.path))
              .header("Recording-Key", upload.key)
              .build();
      byte[] stored = http.send(request, BodyHandlers.ofByteArray()).body();
      assertTrue(stored.length >= upload.acknowledged, () -> upload.path + " was cut off");
      assertTrue(Arrays.equals(content(0, stored.length), stored), "its bytes are those sent");
    }
  }

  /// What stands from an offset on in every recording here.
  private static byte[] content(int offset, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ((offset + i) * 31 >> 3);
    }
    return bytes;
  }

  private ServerProcess start() throws Exception {
    return new ServerProcess(
        directory,
        """
        auth.keys { one = "%s" }
        data.dir = "%s"
        limits.joins-per-second = 1000
        """
            .formatted(Forge.SECRET, directory.resolve("data")));
  }

  private HttpResponse<String> call(
      int status, String method, ServerProcess server, String path, String body, String token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.http() + path))
            .header("Authorization", "Bearer " + token)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    assertEquals(status, response.statusCode(), response.body());
    return response;
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  private static String guest() {
    return Forge.hs256(Forge.granting("room", "blue", "roomJoin", true));
  }

  private static String hello(String token) {
    return "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"A\",\"token\":\"%s\"}"
        .formatted(token);
  }
}
