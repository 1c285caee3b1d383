package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.ServerProcess;

/// Three nodes, two people who came to different ones: the node that has their room is killed.
@Tag("browser")
@Tag("slow")
@ExtendWith(QuietConsole.class)
class ClusterBrowserTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int NODES = 3;

  /// When the other's picture has begun on the connection of now; the page's own clock.
  private static final String WATCH =
      """
      window.old = plenum.participant, window.back = new Promise((resolve) => {
        const begun = performance.now();
        let away = false;
        const timer = setInterval(async () => {
          if (plenum.state !== 'connected') { away = true; return; }
          if (!away) return;
          const { receive } = await plenum.stats();
          const all = [...plenum.participants.keys()];
          if (all.length < 1 || !all.every((id) => receive[id]?.camera?.framesDecoded > 0)) return;
          clearInterval(timer);
          resolve(performance.now() - begun);
        }, 20);
      }), 0""";

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final List<Integer> webPorts = new ArrayList<>();

  @TempDir private Path directory;

  /// Of every node, beside what all have.
  private String settings = "";

  @AfterEach
  void stop() {
    nodes.forEach(ServerProcess::close);
    http.shutdownNow();
  }

  @Test
  void aCallGoesOnWhenItsNodeIsKilled() throws Exception {
    startAll();
    Eventually.eventually(
        "all nodes", () -> get(0, "/nodes").path("nodes").size(), size -> size == NODES);
    try (Chromium chromium = Chromium.launch()) {
      ChromiumParticipant ada = join(chromium.browser(), "Ada", 0);
      ChromiumParticipant grace = join(chromium.browser(), "Grace", 1);
      ada.seesAndHears("Grace");
      Sight before = grace.seesAndHears("Ada");
      ada.screenshot("cluster-before.png");

      int owner = owner();
      ada.evaluate(WATCH);
      grace.evaluate(WATCH);
      nodes.get(owner).signal("KILL");
      long adas = Math.round(Double.parseDouble(ada.evaluate("window.back")));
      long graces = Math.round(Double.parseDouble(grace.evaluate("window.back")));
      System.out.println(
          "node " + owner + " killed: pictures again after " + adas + " and " + graces + " ms");
      ada.seesAndHears("Grace");
      Sight after = grace.seesAndHears("Ada");
      assertEquals(before.participant(), after.participant());
      assertEquals(0, after.ghosts());
      grace.screenshot("cluster-after.png");
      ada.close();
      grace.close();
    }
  }

  /// Whatever a person would notice.
  private static final String NOTICE =
      """
      window.noticed = [], window.over = false,
      plenum.addEventListener('state', ({ detail }) => noticed.push(detail.state)),
      plenum.addEventListener('left', ({ detail }) => detail.quiet || noticed.push('left')),
      plenum.addEventListener('tile', ({ detail }) => detail.stream || noticed.push('no picture')),
      plenum.addEventListener('published', () => noticed.push('published')),
      plenum.addEventListener('sound', ({ detail }) => { if (detail.gone) over = true; }), 0""";

  /// The new node is there before the former one goes: both play, and nobody is without a picture.
  @Test
  void nobodyNoticesThatTheRoomIsMoved() throws Exception {
    startAll();
    Eventually.eventually(
        "all nodes", () -> get(0, "/nodes").path("nodes").size(), size -> size == NODES);
    try (Chromium chromium = Chromium.launch()) {
      ChromiumParticipant ada = join(chromium.browser(), "Ada", 0);
      ChromiumParticipant grace = join(chromium.browser(), "Grace", 1);
      ada.seesAndHears("Grace");
      Sight before = grace.seesAndHears("Ada");
      ada.press("hand");
      grace.press("mic");
      Locator hand = grace.page().locator("[data-testid=tile] .raised");
      PlaywrightAssertions.assertThat(hand).isVisible();
      ada.evaluate(NOTICE);
      grace.evaluate(NOTICE);
      int owner = owner();
      post(2, "/rooms/lobby/move");
      for (ChromiumParticipant each : List.of(ada, grace)) {
        Eventually.eventually(
            "the former node to be let go", () -> each.evaluate("over"), "true"::equals);
      }
      ada.seesMoving("Grace");
      Sight after = grace.seesAndHears("Ada");
      assertEquals(before.participant(), after.participant());
      assertEquals(before.peers() + 1, after.peers());
      assertEquals(before.sockets() + 1, after.sockets());
      assertEquals(0, after.ghosts());
      assertEquals("", ada.evaluate("noticed.join()"));
      assertEquals("", grace.evaluate("noticed.join()"));
      assertEquals("true", grace.evaluate("plenum.isMuted('microphone')"));
      assertEquals(
          "true",
          ada.evaluate("[...plenum.participants.values()][0].tracks.some(t => t.muted)"),
          "Grace is seen to be muted");
      Eventually.eventually("another node to have it", this::owner, now -> now != owner);
      grace.screenshot("cluster-moved.png");
      PlaywrightAssertions.assertThat(hand).isVisible();
    }
  }

  /// They change node as if theirs had died, and the next one brings them together anew
  /// (docs/cluster.md).
  @Test
  void twoTalkDirectlyAgainWhereTheirRoomIsMoved() throws Exception {
    settings = "p2p.enabled = true";
    startAll();
    Eventually.eventually(
        "all nodes", () -> get(0, "/nodes").path("nodes").size(), size -> size == NODES);
    try (Chromium chromium = Chromium.launch()) {
      ChromiumParticipant ada = join(chromium.browser(), "Ada", 0);
      ada.sees("the call", sight -> !sight.participant().isEmpty());
      ChromiumParticipant grace = join(chromium.browser(), "Grace", 0);
      List<ChromiumParticipant> both = List.of(ada, grace);
      both.forEach(ClusterBrowserTest::goesDirect);
      String before = grace.evaluate("plenum.participant");
      for (ChromiumParticipant each : both) {
        each.evaluate(NOTICE);
        each.evaluate(PATHS);
      }
      int owner = owner();
      post(2, "/rooms/lobby/move");
      for (ChromiumParticipant each : both) {
        Eventually.eventually(
            "the former path to be over, and another one",
            () -> each.evaluate("paths.join()"),
            "false,true"::equals);
      }
      Eventually.eventually("another node to have it", this::owner, now -> now != owner);
      assertEquals(before, grace.evaluate("plenum.participant"));
      for (ChromiumParticipant each : both) {
        goesDirect(each);
        DirectPath.moves(each);
        assertEquals(0, each.sight().ghosts());
        assertEquals("false", each.evaluate("noticed.includes('left')"));
        Eventually.eventually(
            "a path to the server and one to the other",
            () -> each.evaluate("ledger.account().connections"),
            "2"::equals);
      }
    }
  }

  /// How often media has begun, or ceased, to come directly.
  private static final String PATHS =
      """
      window.paths = [], plenum.addEventListener('path', ({ detail }) => paths.push(detail.direct)), 0""";

  private static void goesDirect(Participant who) {
    Eventually.eventually(
        who.name() + " to talk directly",
        () -> who.evaluate("plenum.stats().then(({ direct }) => String(direct !== null))"),
        "true"::equals);
  }

  private void post(int node, String path) throws Exception {
    URI uri = URI.create(nodes.get(node).http() + "/api/v1" + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
  }

  private ChromiumParticipant join(Browser browser, String name, int node) {
    var options =
        new Browser.NewContextOptions()
            .setViewportSize(1280, 720)
            .setPermissions(List.of("camera", "microphone"));
    var participant = new ChromiumParticipant(name, browser.newContext(options));
    participant.page().addInitScript(Probe.read("ledger.js"));
    participant
        .page()
        .navigate(
            nodes.get(node).http()
                + "/?room=lobby&autojoin=1&video="
                + Call.SMALL
                + "&name="
                + name);
    return participant;
  }

  /// The one that says so itself a second later.
  private int owner() {
    return Eventually.eventually("one owner", this::owners, owners -> owners.size() == 1)
        .getFirst();
  }

  private List<Integer> owners() {
    List<Integer> owners = new ArrayList<>();
    for (JsonNode each : get(0, "/nodes").path("nodes")) {
      if (each.path("rooms").asInt() > 0) {
        owners.add(Integer.parseInt(each.path("node").asText().substring(1)));
      }
    }
    return owners;
  }

  private JsonNode get(int node, String path) {
    URI uri = URI.create(nodes.get(node).http() + "/api/v1" + path);
    try {
      return MAPPER.readTree(
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void startAll() throws Exception {
    List<Integer> ports = ports(2 * NODES);
    webPorts.addAll(ports.subList(NODES, 2 * NODES));
    try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ServerProcess>> started = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        int index = i;
        started.add(starters.submit(() -> start(index, ports)));
      }
      for (Future<ServerProcess> each : started) {
        nodes.add(each.get());
      }
    }
    assertTrue(nodes.size() == NODES);
  }

  private ServerProcess start(int index, List<Integer> ports) throws Exception {
    List<String> hosts =
        ports.subList(0, NODES).stream().map(port -> "\"127.0.0.1:" + port + "\"").toList();
    List<String> origins =
        webPorts.stream().map(port -> "\"http://127.0.0.1:" + port + "\"").toList();
    return new ServerProcess(
        Files.createDirectory(directory.resolve("n" + index)),
        """
        http { port = %d, allowed-origins = [%s] }
        media.offer-loopback = true
        cluster {
          enabled = true, node = n%d, port = %d, hosts = [%s], expected = 3
          secret = "a secret that the three nodes share"
          url = "http://127.0.0.1:%d"
        }
        %s
        """
            .formatted(
                webPorts.get(index),
                String.join(",", origins),
                index,
                ports.get(index),
                String.join(",", hosts),
                webPorts.get(index),
                settings));
  }

  private static List<Integer> ports(int count) throws Exception {
    List<ServerSocket> taken = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket each : taken) {
      each.close();
    }
    return ports;
  }
}
