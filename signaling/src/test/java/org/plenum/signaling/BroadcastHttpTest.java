package org.plenum.signaling;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.RoomTap;
import org.plenum.sfu.TappedStream;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.token.Forge;

/// Who may begin and end a broadcast, and what is answered about files that there are not.
class BroadcastHttpTest {
  /// Below what one address may open.
  private static final int WAITING = 200;

  private static final String BROADCAST = "/rooms/blue/broadcast";

  private TestServer server;
  private HttpClient http;
  private ApiClient admin;
  private ApiClient operator;

  @BeforeEach
  void start() {
    server = new TestServer(true, Attacks.config());
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
  void aBroadcastIsBegunOnceShownAndEnded() throws Exception {
    admin.call(404, "POST", BROADCAST, "{}");
    operator.call(201, "PUT", "/rooms/blue", "{}");
    admin.call(404, "GET", BROADCAST, null);
    JsonNode begun = admin.call(201, "POST", BROADCAST, "{}");
    assertFalse(begun.get("live").asBoolean());
    assertTrue(begun.get("participant").isNull());
    assertEquals("/live/blue/index.m3u8", begun.get("playlist").asText());
    JsonNode same = admin.call(200, "POST", BROADCAST, "{\"participant\":\"ada\"}");
    assertEquals(begun.get("broadcast"), same.get("broadcast"));
    assertEquals("ada", same.get("participant").asText());
    assertEquals(same, operator.get(BROADCAST));
    assertTrue(server.room("blue").calls.contains("tap"));

    admin.call(204, "DELETE", BROADCAST, null);
    admin.call(404, "DELETE", BROADCAST, null);
    admin.call(404, "GET", BROADCAST, null);
    JsonNode another = admin.call(201, "POST", BROADCAST, "{}");
    assertFalse(begun.get("broadcast").equals(another.get("broadcast")));
  }

  @Test
  void twoStartsAtOnceAreOne() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    List<Future<HttpResponse<String>>> starts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        starts.add(threads.submit(() -> admin.send("POST", BROADCAST, "{}")));
      }
    }
    Set<String> ids = new HashSet<>();
    int begun = 0;
    for (Future<HttpResponse<String>> start : starts) {
      ids.add(new JsonMapper().readTree(start.get().body()).get("broadcast").asText());
      begun += start.get().statusCode() == 201 ? 1 : 0;
    }
    assertEquals(1, ids.size(), ids.toString());
    assertEquals(1, begun);
    assertEquals(1, server.room("blue").calls.stream().filter("tap"::equals).count());
  }

  /// The room has not answered yet.
  @Test
  void aStopWhileItStartsWaitsAndEndsItAndOtherRoomsDoNotWait() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    operator.call(201, "PUT", "/rooms/red", "{}");
    ApiClient red = client(Forge.hs256(Forge.granting("room", "red", "roomAdmin", true)));
    FakeRoom room = server.room("blue");
    room.taps = new CompletableFuture<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> start = threads.submit(() -> admin.call(201, "POST", BROADCAST, "{}"));
      while (!room.calls.contains("tap")) {
        Thread.sleep(5);
      }
      Future<JsonNode> stop = threads.submit(() -> admin.call(204, "DELETE", BROADCAST, null));
      red.call(201, "POST", "/rooms/red/broadcast", "{}");
      red.call(204, "DELETE", "/rooms/red/broadcast", null);
      assertFalse(stop.isDone());
      room.taps.complete(null);
      start.get(10, TimeUnit.SECONDS);
      stop.get(10, TimeUnit.SECONDS);
    }
    admin.call(404, "GET", BROADCAST, null);
  }

  @Test
  void whoeverListensIsToldOfItsBeginningAndEnd() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    String id = "EG_" + admin.call(201, "POST", BROADCAST, "{}").get("broadcast").asText();
    JsonNode begun = egress("egress_started");
    assertEquals("EGRESS_ACTIVE", begun.get("status").asText());
    assertEquals(id, begun.get("egressId").asText());
    assertEquals("blue", begun.get("roomName").asText());
    assertFalse(begun.has("endedAt"));
    admin.call(204, "DELETE", BROADCAST, null);
    JsonNode ended = egress("egress_ended");
    assertEquals("EGRESS_COMPLETE", ended.get("status").asText());
    assertEquals(id, ended.get("egressId").asText());
    assertEquals("", ended.get("error").asText());
    assertEquals(begun.get("startedAt"), ended.get("startedAt"));
    assertTrue(ended.get("endedAt").asLong() >= ended.get("startedAt").asLong());
  }

  @Test
  void aFaultIsToldToWhoeverListensAndToTheRoom() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    admin.call(201, "POST", BROADCAST, "{}");
    FakeRoom room = server.room("blue");
    fail(requireNonNull(room.tap));
    JsonNode ended = egress("egress_ended");
    assertEquals("EGRESS_FAILED", ended.get("status").asText());
    assertEquals("the server failed", ended.get("error").asText());
    String told = "send false null broadcast The broadcast has ended: the server failed";
    long until = System.nanoTime() + 20_000_000_000L;
    while (!room.calls.contains(told)) {
      assertTrue(System.nanoTime() - until < 0, room.calls.toString());
      Thread.sleep(20);
    }
    admin.call(404, "GET", BROADCAST, null);
    admin.call(201, "POST", BROADCAST, "{}");
  }

  /// Shows the observer what cannot be: a stream without a state.
  @SuppressWarnings("NullAway")
  private static void fail(RoomTap tap) {
    var ada = new ParticipantId("ada");
    tap.streams(List.of(new TappedStream(ada, new TrackId("c"), TrackSource.CAMERA, null, null)));
  }

  /// Waits for the first event of this name.
  private JsonNode egress(String name) throws Exception {
    long until = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() - until < 0) {
      for (JsonNode event : operator.get("/events").get("events")) {
        if (event.get("event").asText().equals(name)) {
          return event.get("egressInfo");
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("there is no " + name);
  }

  @Test
  void aRoomThatDoesNotAnswerIsNotBroadcast() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    server.room("blue").taps = new CompletableFuture<>();
    admin.call(503, "POST", BROADCAST, "{}");
    admin.call(404, "GET", BROADCAST, null);
    server.room("blue").taps = CompletableFuture.completedFuture(null);
    admin.call(201, "POST", BROADCAST, "{}");
  }

  @Test
  void itTakesAModeratorOfThatRoom() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    operator.call(201, "PUT", "/rooms/red", "{}");
    operator.call(403, "POST", BROADCAST, "{}");
    admin.call(403, "POST", "/rooms/red/broadcast", "{}");
    client(Forge.hs256(Forge.claims())).call(403, "DELETE", BROADCAST, null);
    admin.call(400, "POST", BROADCAST, "{\"participant\":\"no such id!\"}");
    admin.call(400, "POST", BROADCAST, "{\"title\":\"unknown\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/live/blue/index.m3u8",
        "/live/none/index.m3u8",
        "/live/blue/",
        "/live/blue",
        "/live/",
        "/live//index.m3u8",
        "/live/%2e%2e/index.m3u8",
        "/live/blue/..%2f..%2findex.html",
        "/live/blue/%2e%2e/%2e%2e/index.html",
        "/live/blue/0000/v0/99999999999999999999.m4s",
        "/live/blue/index.m3u8;x",
        "/live/%ff%fe/index.m3u8",
      })
  void whatThereIsNotIsNotFoundAndMayBeRememberedForAMoment(String path) throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    admin.call(201, "POST", BROADCAST, "{}");
    String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    String status = answer.lines().findFirst().orElse("");
    assertTrue(status.contains(" 404 ") || status.contains(" 400 "), status);
    if (path.startsWith("/live/blue/index")) {
      assertTrue(answer.contains("Cache-Control: public, max-age=1"), answer);
      assertTrue(answer.contains("Access-Control-Allow-Origin: *"), answer);
    }
  }

  @Test
  void whereLinksAreSignedOnlyTheyAreGood() throws Exception {
    server.close();
    var auth =
        new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false, null, true);
    server = new TestServer(true, ServerConfig.forTests().with(auth));
    admin = client(Forge.hs256(Forge.granting("room", "blue", "roomAdmin", true)));
    operator = client(Forge.hs256(Forge.granting("roomCreate", true, "roomList", true)));
    operator.call(201, "PUT", "/rooms/blue", "{}");
    JsonNode begun = admin.call(201, "POST", BROADCAST, "{}");
    String playlist = begun.get("playlist").asText();
    Instant expires = Instant.parse(begun.get("expires").asText());
    assertTrue(expires.isAfter(Instant.now().plus(Duration.ofHours(11))), "" + expires);
    String folder = playlist.split("/")[3];
    assertEquals("/watch/blue#" + folder, begun.get("watch").asText());
    String look = playlist.replace("index.m3u8", "live.json");
    HttpResponse<String> before = get(look);
    assertEquals("{\"live\":false}\n", before.body());
    assertEquals("public, max-age=1", before.headers().firstValue("Cache-Control").orElse(""));
    String viewers = playlist.replace("index.m3u8", "viewers.json?viewer=");
    assertEquals("{\"viewers\":0,\"seconds\":30}\n", ok(viewers + "page-one"));
    awaitLive(playlist);
    assertEquals("{\"live\":true}\n", ok(look));
    assertEquals("{\"viewers\":1,\"seconds\":30}\n", ok(viewers + "page-one"));
    assertEquals("{\"viewers\":2,\"seconds\":30}\n", ok(viewers + "page-two"));
    HttpResponse<String> again = get(viewers + "page-one");
    assertEquals("{\"viewers\":2,\"seconds\":30}\n", again.body());
    assertEquals("no-store", again.headers().firstValue("Cache-Control").orElse(""));
    assertEquals(400, get(viewers + "a+b").statusCode());
    String small =
        ok(playlist).lines().filter(line -> !line.startsWith("#")).findFirst().orElseThrow();
    String media = playlist.replace("index.m3u8", small);
    String first =
        ok(media).lines().filter(line -> !line.startsWith("#")).findFirst().orElseThrow();
    assertEquals(200, get(media.replace("index.m3u8", first)).statusCode());

    for (String bad :
        List.of(
            playlist.replace(folder + "/", ""),
            playlist.replace(folder, folder.replaceAll("-.", "-_")),
            media.replace(folder, "9" + folder),
            media.replace(folder + "/", ""),
            look.replace(folder + "/", ""),
            playlist.replace("/blue/", "/red/"))) {
      HttpResponse<String> answer = get(bad);
      assertEquals(403, answer.statusCode(), bad);
      assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
    }
  }

  @Test
  void nothingIsWrittenHere() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(server.http("/live/blue/index.m3u8")))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    HttpResponse<String> answer = http.send(post, BodyHandlers.ofString());
    assertEquals(405, answer.statusCode());
  }

  /// A room without pictures is broadcast too: a slate, with silence.
  @Test
  void playlistsComeCompressedForWhoTakesThatAndAreNotSentAgain() throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    admin.call(201, "POST", BROADCAST, "{}");
    URI index = URI.create(server.http("/live/blue/index.m3u8"));
    HttpRequest plainly = HttpRequest.newBuilder(index).build();
    long until = System.nanoTime() + 60_000_000_000L;
    HttpResponse<byte[]> plain = http.send(plainly, BodyHandlers.ofByteArray());
    while (plain.statusCode() != 200) {
      assertTrue(System.nanoTime() - until < 0, "there is no slate");
      Thread.sleep(100);
      plain = http.send(plainly, BodyHandlers.ofByteArray());
    }
    assertTrue(new String(plain.body(), StandardCharsets.UTF_8).contains("640x360"));
    HttpResponse<byte[]> packed =
        http.send(
            HttpRequest.newBuilder(index).header("Accept-Encoding", "br, gzip").build(),
            BodyHandlers.ofByteArray());
    assertEquals("gzip", packed.headers().firstValue("Content-Encoding").orElse(""));
    assertEquals("Accept-Encoding", packed.headers().firstValue("Vary").orElse(""));
    assertTrue(packed.body().length < plain.body().length);
    var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
    assertTrue(new String(unpacked, StandardCharsets.UTF_8).startsWith("#EXTM3U\n"));
    String etag = packed.headers().firstValue("ETag").orElseThrow();
    assertTrue(etag.endsWith("-gzip\""), etag);
    HttpResponse<byte[]> again =
        http.send(
            HttpRequest.newBuilder(index)
                .header("Accept-Encoding", "gzip")
                .header("If-None-Match", "\"other\", W/" + etag)
                .build(),
            BodyHandlers.ofByteArray());
    assertTrue(again.statusCode() == 304 || again.body().length > 0, "it changed meanwhile");
    HttpResponse<byte[]> part =
        http.send(
            HttpRequest.newBuilder(index)
                .header("Accept-Encoding", "gzip")
                .header("Range", "bytes=0-6")
                .build(),
            BodyHandlers.ofByteArray());
    assertEquals("#EXTM3U", new String(part.body(), StandardCharsets.UTF_8));
    assertEquals(206, part.statusCode());
    String metrics =
        http.send(
                HttpRequest.newBuilder(URI.create(server.management("/metrics"))).build(),
                BodyHandlers.ofString())
            .body();
    assertTrue(metrics.contains("plenum_broadcasts 1.0"), metrics);
    assertTrue(metrics.contains("plenum_live_requests_total{file=\"playlist\"}"), metrics);
  }

  @Test
  void whoWatchesTheEndOfABroadcastIsServedThoughAnotherHasBegun() throws Exception {
    String playlist = slate("v0");
    admin.call(204, "DELETE", BROADCAST, null);
    JsonNode another = admin.call(201, "POST", BROADCAST, "{}");
    String text = ok(playlist);
    assertTrue(text.endsWith("#EXT-X-ENDLIST\n"), text);
    String last = text.lines().filter(line -> line.endsWith(".m4s")).reduce("", (_, b) -> b);
    assertEquals(200, get(playlist.replace("index.m3u8", last)).statusCode());
    assertEquals(404, get("/live/blue/index.m3u8").statusCode(), "that is the other one's");
    assertEquals(404, get(playlist.replace("/blue/", "/red/")).statusCode());
    awaitLive("/live/blue/index.m3u8");
    assertTrue(ok("/live/blue/index.m3u8").contains(another.get("broadcast").asText()));
    assertTrue(ok(playlist).endsWith("#EXT-X-ENDLIST\n"));
  }

  /// RFC 8216bis §6.2.5.2.
  @Test
  void aReloadWaitsForThePartThatItNames() throws Exception {
    String playlist = slate("v0");
    String text = ok(playlist);
    long next = next(text);
    assertTrue(text.contains("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES"), text);
    assertTrue(
        text.contains("#EXT-X-RENDITION-REPORT:URI=\"../sound/index.m3u8\",LAST-MSN="), text);
    HttpResponse<String> later = get(playlist + "?_HLS_msn=" + (next + 1) + "&_HLS_part=0");
    assertEquals(200, later.statusCode(), later.body());
    assertTrue(later.body().contains("\"" + (next + 1) + ".0.m4s\""), later.body());
    assertEquals("public, max-age=12", later.headers().firstValue("Cache-Control").orElse(""));
    String delta = ok(playlist + "?_HLS_msn=" + (next + 1) + "&_HLS_part=1&_HLS_skip=YES");
    assertTrue(delta.contains("\"" + (next + 1) + ".1.m4s\""), delta);
    String hint = delta.replaceAll("(?s).*-HINT:TYPE=PART,URI=\"(.*?)\".*", "$1");
    HttpResponse<String> part = get(playlist.replace("index.m3u8", hint));
    assertEquals(200, part.statusCode(), "it was waited for");
    assertEquals("video/mp4", part.headers().firstValue("Content-Type").orElse(""));
  }

  @Test
  void whatNobodyAsksForIsRefusedAtOnce() throws Exception {
    String playlist = slate("v0");
    for (String query :
        List.of(
            "_HLS_msn=999999999",
            "_HLS_msn=99999999999999999999",
            "_HLS_msn=-1",
            "_HLS_msn=",
            "_HLS_msn",
            "_HLS_msn=0x1",
            "_HLS_msn=0&_HLS_msn=1",
            "_HLS_part=0",
            "_HLS_msn=0&_HLS_part=1e9",
            "_HLS_skip=maybe")) {
      HttpResponse<String> answer = get(playlist + "?" + query);
      assertEquals(400, answer.statusCode(), query);
      assertTrue(answer.body().contains("_HLS_"), answer.body());
      assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
    }
    ok(playlist + "?other=1&_HLS_msn=0&x");
    ok(playlist + "?_HLS_msn=1&_HLS_part=999999");
  }

  /// RFC 8216bis §6.2.5.2: as many as there are viewers, and no thread for any.
  @Test
  void thoseWhoWaitHoldNoThread() throws Exception {
    String playlist = slate("v0");
    long number = next(ok(playlist)) + 1;
    String request =
        "GET %s?_HLS_msn=%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            .formatted(playlist, number);
    int before = ManagementFactory.getThreadMXBean().getThreadCount();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < WAITING; i++) {
        Socket socket = new Socket("127.0.0.1", server.port());
        sockets.add(socket);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      }
      int during = ManagementFactory.getThreadMXBean().getThreadCount();
      assertTrue(during - before < WAITING / 4, during + " threads after " + before);
      for (Socket socket : sockets) {
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("\n" + number + ".m4s\n"), answer);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /// Begins the broadcast of a room in which nobody is.
  ///
  /// @return the path of a rendition's playlist
  private String slate(String rendition) throws Exception {
    operator.call(201, "PUT", "/rooms/blue", "{}");
    JsonNode begun = admin.call(201, "POST", BROADCAST, "{}");
    awaitLive("/live/blue/index.m3u8");
    return "/live/blue/" + begun.get("broadcast").asText() + "/" + rendition + "/index.m3u8";
  }

  private void awaitLive(String playlist) throws Exception {
    long until = System.nanoTime() + 60_000_000_000L;
    while (get(playlist).statusCode() != 200) {
      assertTrue(System.nanoTime() - until < 0, "there is no slate");
      Thread.sleep(100);
    }
  }

  /// The media sequence number of the segment that is not complete.
  private static long next(String playlist) {
    String hint = playlist.replaceAll("(?s).*-HINT:TYPE=PART,URI=\"(\\d+)\\..*", "$1");
    return Long.parseLong(hint);
  }

  private String ok(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http(path))).build(), BodyHandlers.ofString());
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private ApiClient client(String token) {
    return new ApiClient(http, server.http(""), token);
  }
}
