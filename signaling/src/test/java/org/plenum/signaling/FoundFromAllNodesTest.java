package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.token.Forge;

/// Three nodes, each with a disk of its own: what one of them has, all of them show. Each test has
/// a room of its own; the last one ends a node.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FoundFromAllNodesTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int NODES = 3;
  private static final String MADE = "00112233445566778899";
  private static final String MADE_TOO = "00112233445566778800";
  private static final String FILE = "0001-camera.webm";

  private final List<PlenumServer> nodes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final byte[] media = new byte[1_000_003];

  private Path directory;
  private String room = "";

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    directory = folder;
    new Random(3).nextBytes(media);
    List<Integer> ports = ports();
    // The second node has two that it made itself.
    made(MADE, "made");
    made(MADE_TOO, "away");
    // Not virtual ones: classes that are begun hold the few threads that carry those.
    try (var starters = Executors.newFixedThreadPool(NODES)) {
      List<Future<PlenumServer>> started = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        Path file = Files.writeString(directory.resolve(i + ".conf"), settings(i, ports));
        started.add(starters.submit(() -> PlenumServer.start(ConfigFile.load(file))));
      }
      for (Future<PlenumServer> each : started) {
        nodes.add(each.get());
      }
    }
    for (int i = 0; i < NODES; i++) {
      int node = i;
      until(() -> json(get(node, "/api/v1/nodes")).path("nodes").size() == NODES);
    }
  }

  private void made(String id, String itsRoom) throws Exception {
    Path made = Files.createDirectories(directory.resolve("1/recordings").resolve(id));
    Files.writeString(
        made.resolve("manifest.json"),
        """
        {"version": 1, "room": "%s", "started": "%s", "seconds": 2.5, "complete": true,
         "end": {"reason": "stopped", "text": ""}, "tracks": []}
        """
            .formatted(itsRoom, Instant.now()));
    Files.write(made.resolve(FILE), media);
  }

  private String operator() {
    return Forge.hs256(
        Forge.granting(
            "roomCreate",
            true,
            "roomList",
            true,
            "roomAdmin",
            true,
            "roomJoin",
            true,
            "room",
            room));
  }

  private String settings(int index, List<Integer> ports) {
    List<String> hosts = ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").toList();
    return """
        http.port = 0, management.port = 0
        media { port = 0, tcp.port = 0, workers = 1, bind = ["127.0.0.1"], offer-loopback = true }
        auth.keys { one = "%s" }
        data.dir = "%s"
        chat.file-size = 4
        cluster {
          enabled = true, node = n%d, port = %d, expected = %d, hosts = [%s], host = "127.0.0.1"
          secret = "a secret that the three nodes share"
        }
        """
        .formatted(
            Forge.SECRET,
            directory.resolve(index + ""),
            index,
            ports.get(index),
            NODES,
            String.join(",", hosts));
  }

  private static List<Integer> ports() throws Exception {
    List<ServerSocket> taken = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket each : taken) {
      each.close();
    }
    return ports;
  }

  @AfterAll
  void stop() {
    nodes.forEach(PlenumServer::close);
    http.shutdownNow();
  }

  /// A load balancer may send each part of an upload to another node.
  @Test
  void anUploadGoesOnAtAnyNodeAndIsFoundFromAll() throws Exception {
    room = "blue";
    JsonNode begun =
        json(
            send(
                0,
                "POST",
                "/recordings/" + room,
                "{\"title\":\"Ada\",\"contentType\":\"video/mp4\"}"
                    .getBytes(StandardCharsets.UTF_8),
                201,
                "Content-Type",
                "application/json"));
    String path = "/recordings/" + room + "/" + begun.path("recording").asText();
    String key = begun.path("key").asText();
    int half = 600_001;
    byte[] first = Arrays.copyOf(media, half);
    byte[] second = Arrays.copyOfRange(media, half, media.length);
    assertEquals(half + "", offset(patch(1, path, key, 0, false, first, 204)));
    assertEquals(half + "", offset(patch(2, path, key, 7, false, first, 409)));
    patch(2, path, "0".repeat(48), half, false, second, 403);
    assertEquals(media.length + "", offset(patch(2, path, key, half, true, second, 204)));
    assertEquals(media.length + "", offset(patch(1, path, key, half, true, second, 409)));

    for (int node = 0; node < NODES; node++) {
      JsonNode listed = json(get(node, "/recordings/" + room));
      assertTrue(listed.path("away").isMissingNode(), listed.toString());
      assertEquals(1, listed.path("recordings").size(), listed.toString());
      JsonNode latest = listed.path("recordings").get(0);
      assertEquals("Ada", latest.path("title").asText());
      for (int at = 0; at < NODES; at++) {
        isPlayed(at, path + "?ticket=" + latest.path("ticket").asText(), "video/mp4");
        refused(at, "GET", path + "?ticket=1.x", 401);
      }
    }
    refused(1, "DELETE", path, 401);
    send(2, "DELETE", path, null, 204, "Recording-Key", key);
    for (int node = 0; node < NODES; node++) {
      send(node, "GET", path, null, 404);
      assertEquals(0, json(get(node, "/recordings/" + room)).path("recordings").size());
    }
  }

  @Test
  void oneThatANodeMadeItselfIsPlayedAndDeletedFromAll() throws Exception {
    room = "made";
    String path = "/recordings/" + room + "/" + MADE;
    for (int node = 0; node < NODES; node++) {
      assertEquals(room, json(get(node, path)).path("room").asText());
      String ticket =
          json(get(node, "/recordings/" + room)).path("recordings").path(0).path("ticket").asText();
      isPlayed(node, path + "/" + FILE + "?ticket=" + ticket, "video/webm");
      send(node, "GET", path + "/0002-camera.webm", null, 404);
      send(node, "GET", path + "/manifest.json.new", null, 404);
    }
    // What is deleted while somebody is in the middle of it is not taken for something else.
    try (InputStream slow = stream(2, path + "/" + FILE)) {
      assertEquals(media[0] & 0xFF, slow.read());
      send(0, "DELETE", path, null, 204);
      int at = 1;
      for (int next = slow.read(); next >= 0; next = slow.read()) {
        assertEquals(media[at++] & 0xFF, next);
        if (at == media.length) {
          break; // it was under way already
        }
      }
    } catch (IOException e) {
      // it broke off
    }
    assertFalse(Files.exists(directory.resolve("1/recordings").resolve(MADE)));
    for (int node = 0; node < NODES; node++) {
      send(node, "GET", path, null, 404);
    }
  }

  @Test
  void filesOfTheChatAreFoundFromAll() throws Exception {
    room = "files";
    HttpResponse<byte[]> sent = send(0, "POST", "/files/" + room + "?name=plan.pdf", media, 201);
    String path = "/files/" + room + "/" + json(sent).path("file").asText();
    for (int node = 0; node < NODES; node++) {
      HttpResponse<byte[]> got = send(node, "GET", path, null, 200);
      assertArrayEquals(media, got.body());
      assertTrue(header(got, "Content-Disposition").contains("plan.pdf"));
      assertEquals("sandbox; default-src 'none'", header(got, "Content-Security-Policy"));
      refused(node, "GET", path, 401);
      send(node, "GET", "/recordings" + path.substring(6), null, 404);
    }
    send(1, "DELETE", path, null, 204, "Recording-Key", json(sent).path("key").asText());
    send(2, "GET", path, null, 404);
  }

  /// A room's rules are known to the node that has it.
  @Test
  void noNodeStoresWhatTheRoomForbids() throws Exception {
    room = "strict";
    String guest = Forge.hs256(Forge.granting("roomJoin", true, "room", room));
    byte[] rules =
        "{\"rules\":{\"record\":false,\"files\":false}}".getBytes(StandardCharsets.UTF_8);
    send(0, "PUT", "/api/v1/rooms/" + room, rules, 201, "Content-Type", "application/json");
    byte[] wish =
        "{\"title\":\"x\",\"contentType\":\"video/mp4\"}".getBytes(StandardCharsets.UTF_8);
    for (int node = 0; node < NODES; node++) {
      assertEquals(403, as(guest, node, "POST", "/recordings/" + room, wish).statusCode());
      assertEquals(403, as(guest, node, "POST", "/files/" + room + "?name=a", media).statusCode());
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aNodeThatIsAwayIsSaid() throws Exception {
    room = "away";
    nodes.get(1).close();
    until(() -> json(get(0, "/api/v1/nodes")).path("nodes").size() == 2);
    JsonNode listed = json(get(0, "/recordings/" + room));
    assertEquals("[\"n1\"]", listed.path("away").toString(), listed.toString());
    HttpResponse<byte[]> gone = send(0, "GET", "/recordings/" + room + "/" + MADE_TOO, null, 503);
    assertEquals("5", header(gone, "Retry-After"));
    assertTrue(new String(gone.body(), StandardCharsets.UTF_8).contains("n1"));
  }

  @Test
  void anyNodeAnswersForALiveRoom() throws Exception {
    room = "live";
    send(
        0,
        "PUT",
        "/api/v1/rooms/" + room,
        "{}".getBytes(StandardCharsets.UTF_8),
        201,
        "Content-Type",
        "application/json");
    send(
        1,
        "POST",
        "/api/v1/rooms/" + room + "/broadcast",
        "{}".getBytes(StandardCharsets.UTF_8),
        201,
        "Content-Type",
        "application/json");
    int owner =
        Integer.parseInt(json(get(0, "/api/v1/rooms/" + room)).path("node").asText().substring(1));
    int other = (owner + 1) % NODES;
    int third = (owner + 2) % NODES;
    String master = "/live/" + room + "/index.m3u8";
    until(() -> as(null, other, "GET", master, null).statusCode() == 200);
    HttpResponse<byte[]> here = as(null, owner, "GET", master, null);
    HttpResponse<byte[]> there = as(null, other, "GET", master, null);
    same(here, there);
    String rendition = first("(?m)^[^#].*\\.m3u8", there.body());
    String playlist = "/live/" + room + "/" + rendition;
    until(() -> text(as(null, owner, "GET", playlist, null)).contains("#EXTINF"));

    // It waits until the owner has it, for many at once.
    String now = text(as(null, owner, "GET", playlist, null));
    long next =
        Long.parseLong(first("MEDIA-SEQUENCE:(\\d+)", now.getBytes(StandardCharsets.UTF_8)))
            + now.lines().filter(line -> line.startsWith("#EXTINF")).count();
    List<CompletableFuture<HttpResponse<byte[]>>> waiting = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      waiting.add(
          http.sendAsync(
              request(
                  null, i % 2 == 0 ? other : third, "GET", playlist + "?_HLS_msn=" + next, null),
              BodyHandlers.ofByteArray()));
    }
    for (CompletableFuture<HttpResponse<byte[]>> each : waiting) {
      assertEquals(200, each.get().statusCode());
      assertTrue(text(each.get()).lines().filter(line -> line.startsWith("#EXTINF")).count() > 0);
      assertEquals("public, max-age=12", header(each.get(), "Cache-Control"));
    }
    assertEquals(
        400, as(null, other, "GET", playlist + "?_HLS_msn=" + (next + 900), null).statusCode());

    // What never changes is the same everywhere, to the bit, and known by the same tag.
    String list = text(as(null, owner, "GET", playlist, null));
    Matcher segments = Pattern.compile("(?m)^[^#].*$").matcher(list);
    String folder = playlist.substring(0, playlist.lastIndexOf('/') + 1);
    int seen = 0;
    while (segments.find()) {
      String segment = folder + segments.group();
      HttpResponse<byte[]> original = as(null, owner, "GET", segment, null);
      if (original.statusCode() != 200) {
        continue; // it is old by now
      }
      seen++;
      for (int node : new int[] {other, third, other}) {
        same(original, as(null, node, "GET", segment, null));
        HttpResponse<byte[]> part = as(null, node, "GET", segment, null, "Range", "bytes=2-5");
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(original.body(), 2, 6), part.body());
        String tag = header(original, "ETag");
        assertEquals(304, as(null, node, "GET", segment, null, "If-None-Match", tag).statusCode());
      }
    }
    assertTrue(seen > 0, list);
    assertEquals(404, as(null, other, "GET", "/live/" + room + "/nothing.m4s", null).statusCode());
    assertEquals(404, as(null, other, "GET", "/live/green/index.m3u8", null).statusCode());
  }

  private static void same(HttpResponse<byte[]> one, HttpResponse<byte[]> other) {
    assertEquals(200, one.statusCode());
    assertEquals(200, other.statusCode());
    assertArrayEquals(one.body(), other.body());
    for (String name : List.of("ETag", "Cache-Control", "Content-Type", "Content-Length")) {
      assertEquals(header(one, name), header(other, name), name);
    }
  }

  private static String first(String pattern, byte[] in) {
    Matcher matcher = Pattern.compile(pattern).matcher(new String(in, StandardCharsets.UTF_8));
    assertTrue(matcher.find(), pattern + " in " + new String(in, StandardCharsets.UTF_8));
    return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
  }

  private void isPlayed(int node, String path, String type) throws Exception {
    HttpResponse<byte[]> whole = as(null, node, "GET", path, null);
    assertEquals(200, whole.statusCode());
    assertArrayEquals(media, whole.body());
    assertEquals(type, header(whole, "Content-Type"));
    assertEquals("private, no-cache", header(whole, "Cache-Control"));
    int from = 299_990;
    HttpResponse<byte[]> part =
        as(null, node, "GET", path, null, "Range", "bytes=" + from + "-800000");
    assertEquals(206, part.statusCode());
    assertArrayEquals(Arrays.copyOfRange(media, from, 800_001), part.body());
    assertEquals("bytes 299990-800000/" + media.length, header(part, "Content-Range"));
    HttpResponse<byte[]> none =
        as(null, node, "GET", path, null, "Range", "bytes=" + media.length + "-");
    assertEquals(416, none.statusCode());
    HttpResponse<byte[]> head = as(null, node, "HEAD", path, null);
    assertEquals(media.length + "", header(head, "Content-Length"));
    assertEquals(0, head.body().length);
  }

  private void refused(int node, String method, String path, int status) throws Exception {
    assertEquals(status, as(null, node, method, path, null).statusCode(), method + " " + path);
  }

  /// What comes of a request whose sender reads little of the answer at a time.
  private InputStream stream(int node, String path) throws Exception {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(
        new java.net.InetSocketAddress(
            InetAddress.getLoopbackAddress(), nodes.get(node).httpPort()));
    OutputStream out = socket.getOutputStream();
    out.write(
        ("GET "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + operator()
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    int ends = 0;
    while (ends < 4) {
      int next = in.read();
      assertNotEquals(-1, next);
      ends = next == "\r\n\r\n".charAt(ends) ? ends + 1 : next == '\r' ? 1 : 0;
    }
    return in;
  }

  private HttpResponse<byte[]> patch(
      int node, String path, String key, int offset, boolean last, byte[] body, int status)
      throws Exception {
    return send(
        node,
        "PATCH",
        path,
        body,
        status,
        "Recording-Key",
        key,
        "Upload-Offset",
        offset + "",
        "Upload-Complete",
        last ? "?1" : "?0");
  }

  private static String offset(HttpResponse<byte[]> reply) {
    return header(reply, "Upload-Offset");
  }

  private HttpResponse<byte[]> get(int node, String path) throws Exception {
    return send(node, "GET", path, null, 200);
  }

  private HttpResponse<byte[]> send(
      int node, String method, String path, byte[] body, int status, String... headers)
      throws Exception {
    HttpResponse<byte[]> reply = as(operator(), node, method, path, body, headers);
    assertEquals(status, reply.statusCode(), () -> method + " " + path + ": " + text(reply));
    return reply;
  }

  private HttpResponse<byte[]> as(
      String token, int node, String method, String path, byte[] body, String... headers)
      throws Exception {
    return http.send(request(token, node, method, path, body, headers), BodyHandlers.ofByteArray());
  }

  private HttpRequest request(
      String token, int node, String method, String path, byte[] body, String... headers) {
    URI uri = URI.create("http://127.0.0.1:" + nodes.get(node).httpPort() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  private static String header(HttpResponse<?> reply, String name) {
    return reply.headers().firstValue(name).orElse("");
  }

  private static String text(HttpResponse<byte[]> reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(HttpResponse<byte[]> reply) throws Exception {
    return MAPPER.readTree(reply.body());
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    for (int i = 0; i < 600 && !condition.holds(); i++) {
      Thread.sleep(100);
    }
    assertTrue(condition.holds());
  }
}
