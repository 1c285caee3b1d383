package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.token.Forge;

/// `data.dir` on a real file system that is full, or was made read-only. Root only, for it mounts.
class FullDiskTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int PART = 100_000;
  private static final int SMALL = 1_000;

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path directory;

  private Path disk;
  private boolean mounted;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0;
    assumeTrue(mounted, "may not mount");
    server = startServer();
  }

  @AfterEach
  void stop() throws Exception {
    http.shutdownNow();
    if (server != null) {
      server.close();
    }
    if (mounted) {
      assertEquals(0, run("umount", disk.toString()));
    }
  }

  @Test
  void nothingThatWasAcknowledgedIsLostWhenItIsFull() throws Exception {
    operator().call(201, "PUT", "/rooms/before", "{\"metadata\":\"kept\"}");
    Files.write(disk.resolve("reserve"), new byte[PART]);
    byte[] content = random(20 * PART);
    Recording recording = record();
    int stored = 0;
    HttpResponse<String> answer = upload(recording, content, 0);
    while (answer.statusCode() == 204) {
      stored += PART;
      assertEquals(stored, offset(answer));
      answer = upload(recording, content, stored);
    }
    assertEquals(507, answer.statusCode(), answer.body());
    assertTrue(stored >= 5 * PART, stored + " bytes went onto a disk of 1 MiB");
    int whole = offset(look(recording));
    assertTrue(whole >= stored, "what was acknowledged is there");
    fill();

    operator().call(507, "PUT", "/rooms/red", "{}");
    operator().call(404, "GET", "/rooms/red", null);
    JsonNode refusal = admin("before").call(507, "PATCH", "/rooms/before", "{\"locked\":true}");
    assertEquals(
        "the room stays unlocked: the server's disk did not take it",
        refusal.get("detail").asText());
    List<String> removed = removeUntilRefused();
    assertEquals(4, server.counters().value(SignalingCounter.NOT_STORED));
    assertTrue(metric("plenum_signaling_not_stored_total") == 4);
    for (int i = 0; metric("plenum_events_unwritten") == 0; i++) {
      enter("room-" + i); // opens it, which is an event
    }
    assertArrayEquals(Arrays.copyOf(content, whole), bytes(recording));

    Files.delete(disk.resolve("ballast"));
    Files.delete(disk.resolve("reserve"));
    operator().call(201, "PUT", "/rooms/red", "{}");
    assertEquals(204, upload(recording, content, whole, SMALL).statusCode());
    awaitWritten();
    JsonNode events = operator().get("/events");

    server.close();
    server = startServer();
    assertEquals("kept", operator().get("/rooms/before").get("metadata").asText());
    operator().get("/rooms/red");
    for (String token : removed) {
      assertTrue(isRefused(token));
    }
    assertArrayEquals(Arrays.copyOf(content, whole + SMALL), bytes(recording));
    JsonNode after = operator().get("/events");
    for (int i = 0; i < events.get("events").size(); i++) {
      assertEquals(events.get("events").get(i), after.get("events").get(i));
    }
  }

  @Test
  void aReadOnlyOneIsRefusedByNameAndNotHarmed() throws Exception {
    byte[] content = random(PART);
    Recording recording = record();
    assertEquals(204, upload(recording, content, 0).statusCode());
    operator().call(201, "PUT", "/rooms/before", "{}");
    awaitWritten();
    server.close();
    server = null;
    assertEquals(0, run("mount", "-o", "remount,ro", disk.toString()));
    List<String> refusal = ServerProcess.refusal(directory, "data.dir = \"%s\"\n".formatted(disk));
    String last = refusal.getLast();
    assertTrue(last.startsWith("Plenum cannot start: data.dir: " + disk), refusal.toString());
    assertTrue(last.contains("Read-only file system"), last);

    assertEquals(0, run("mount", "-o", "remount,rw", disk.toString()));
    server = startServer();
    operator().get("/rooms/before");
    assertArrayEquals(content, bytes(recording));
  }

  /// Removes guests until the disk refuses; whoever was refused to be written down is removed too.
  ///
  /// @return the tokens of those who are removed for good
  private List<String> removeUntilRefused() throws Exception {
    List<String> removed = new ArrayList<>();
    while (true) {
      Map<String, Object> claims = Forge.granting("room", "blue", "roomJoin", true);
      claims.put("sub", "guest-" + removed.size());
      String token = Forge.hs256(claims);
      TestClient guest = new TestClient(http, server.webSocket());
      guest.say(hello(token));
      String id = guest.next("welcome").get("participant").asText();
      String path = "/rooms/blue/participants/" + id;
      HttpResponse<String> answer = admin("blue").send("DELETE", path, null);
      assertTrue(isRefused(token));
      if (answer.statusCode() != 204) {
        assertEquals(507, answer.statusCode(), answer.body());
        assertTrue(
            answer.body().contains("the participant is removed, but a restart may forget that"));
        assertEquals(
            removed.size() + 1,
            server.room("blue").calls.stream().filter("leave REMOVED"::equals).count());
        return removed;
      }
      removed.add(token);
    }
  }

  private void enter(String room) throws Exception {
    String token = Forge.hs256(Forge.granting("room", room, "roomJoin", true));
    TestClient guest = new TestClient(http, server.webSocket());
    guest.say(hello(token).replace("blue", room));
    guest.next("welcome");
  }

  private boolean isRefused(String token) throws Exception {
    TestClient again = new TestClient(http, server.webSocket());
    again.say(hello(token));
    return again.next("error").get("message").asText().contains("was removed");
  }

  private record Recording(String path, String key) {}

  private Recording record() throws Exception {
    HttpResponse<String> made =
        http.send(
            HttpRequest.newBuilder(URI.create(server.http("/recordings/blue")))
                .header("Authorization", "Bearer " + guest())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"title\":\"t\",\"contentType\":\"video/mp4\"}"))
                .build(),
            BodyHandlers.ofString());
    assertEquals(201, made.statusCode(), made.body());
    JsonNode json = MAPPER.readTree(made.body());
    return new Recording(
        "/recordings/blue/" + json.get("recording").asText(), json.get("key").asText());
  }

  private HttpResponse<String> upload(Recording recording, byte[] content, int offset)
      throws Exception {
    return upload(recording, content, offset, PART);
  }

  private HttpResponse<String> upload(Recording recording, byte[] content, int offset, int length)
      throws Exception {
    byte[] part = Arrays.copyOfRange(content, offset, offset + length);
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http(recording.path())))
            .header("Recording-Key", recording.key())
            .header("Upload-Offset", String.valueOf(offset))
            .method("PATCH", BodyPublishers.ofByteArray(part))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<byte[]> look(Recording recording) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http(recording.path())))
            .header("Recording-Key", recording.key())
            .build(),
        BodyHandlers.ofByteArray());
  }

  private byte[] bytes(Recording recording) throws Exception {
    return look(recording).body();
  }

  private static int offset(HttpResponse<?> response) {
    return Integer.parseInt(response.headers().firstValue("Upload-Offset").orElseThrow());
  }

  /// Leaves no block; what fits into the last one of a file still does.
  private void fill() throws Exception {
    assertTrue(run("dd", "if=/dev/zero", "of=" + disk.resolve("ballast"), "bs=4096") != 0);
  }

  private void awaitWritten() throws Exception {
    for (int i = 0; metric("plenum_events_unwritten") > 0; i++) {
      enter("later-" + i); // an event comes, and brings the others along
    }
  }

  private double metric(String name) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.management("/metrics"))).build();
    return http.send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private TestServer startServer() {
    return new TestServer(
        true,
        Attacks.config()
            .with(new ServerConfig.Events(List.of(), disk))
            .with(new ServerConfig.Recordings(disk, 4, 30)));
  }

  private ApiClient operator() {
    return api(Forge.granting("roomCreate", true, "roomList", true));
  }

  private ApiClient admin(String room) {
    return api(Forge.granting("room", room, "roomAdmin", true));
  }

  private ApiClient api(Map<String, Object> claims) {
    return new ApiClient(http, server.http(""), Forge.hs256(claims));
  }

  private static String guest() {
    return Forge.hs256(Forge.granting("room", "blue", "roomJoin", true));
  }

  private static String hello(String token) {
    return "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"E\",\"token\":\"%s\"}"
        .formatted(token);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  private static int run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    return process.exitValue();
  }
}
