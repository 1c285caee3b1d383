package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes that die, hang and are stopped for ten minutes, while people come and go: afterwards
/// each room is on one node, with those who are in it and nobody else.
@Tag("slow")
class ClusterChaosTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int NODES = 3;
  private static final int ROOMS = 4;
  private static final int CLIENTS = 16;
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("plenum.chaos.seconds", 600));

  private final long seed = Long.getLong("plenum.chaos.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Map<Integer, ServerProcess> nodes = new ConcurrentHashMap<>();
  private final List<Wanderer> clients = new ArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private List<Integer> ports = List.of();
  private volatile boolean over;

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    over = true;
    nodes.values().forEach(ServerProcess::close);
    http.shutdownNow();
  }

  @Test
  void oneOwnerAndNoGhostsAfterwards() throws Exception {
    System.out.println("plenum.chaos.seed=" + seed);
    ports = ports(2 * NODES);
    for (int i = 0; i < NODES; i++) {
      nodes.put(i, start(i));
    }
    for (int i = 0; i < CLIENTS; i++) {
      Wanderer client = new Wanderer(i, random.nextLong());
      clients.add(client);
      Thread.ofVirtual().name("wanderer").start(client::run);
    }
    long until = System.nanoTime() + LENGTH.toNanos();
    Map<String, Integer> happened = new TreeMap<>();
    while (until - System.nanoTime() > 0) {
      happened.merge(happen(), 1, Integer::sum);
      rest(2 + random.nextInt(6));
    }
    System.out.println("what happened: " + happened);
    clients.forEach(client -> client.wanders = false);
    for (int i = 0; i < NODES; i++) {
      int node = i;
      until("node " + i + " sees all", () -> get(node, "/nodes").path("nodes").size() == NODES);
    }
    until("everybody is in", () -> clients.stream().allMatch(client -> client.in));
    Map<String, Integer> expected = new TreeMap<>();
    clients.forEach(client -> expected.merge(client.room, 1, Integer::sum));
    for (int i = 0; i < NODES; i++) {
      int node = i;
      until("node " + i + " tells " + expected, () -> expected.equals(rooms(node)));
    }
    for (String room : expected.keySet()) {
      List<String> owners = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        owners.add(get(i, "/rooms/" + room).path("node").asText());
      }
      assertEquals(1, owners.stream().distinct().count(), room + " is on " + owners);
    }
    int all = 0;
    for (JsonNode each : get(0, "/nodes").path("nodes")) {
      all += each.path("rooms").asInt();
    }
    assertEquals(expected.size(), all, "no room is open on two nodes");
  }

  /// Something, and what mends it.
  private String happen() throws Exception {
    int node = random.nextInt(NODES);
    ServerProcess process = nodes.get(node);
    int what = random.nextInt(8);
    switch (what) {
      case 0, 1 -> {
        process.signal("KILL");
        process.exitStatus();
        rest(random.nextInt(5));
        nodes.put(node, start(node));
        return "killed";
      }
      case 2, 3 -> {
        process.signal("STOP");
        rest(3);
        process.signal("CONT");
        return "hung for 3 s";
      }
      case 4 -> {
        process.signal("STOP");
        rest(30);
        process.signal("CONT");
        return "hung for 30 s";
      }
      case 5 -> {
        process.signal("TERM");
        process.exitStatus();
        nodes.put(node, start(node));
        return "stopped";
      }
      default -> {
        try {
          post(node, "/rooms/r" + random.nextInt(ROOMS) + "/move");
        } catch (IOException e) {
          // it was refused, or the node hangs: as may be
        }
        return "moved a room";
      }
    }
  }

  private void rest(int seconds) throws InterruptedException {
    if (never.await(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody counts it down");
    }
  }

  /// Somebody who goes from room to room, and comes back by any node when one does not answer.
  private final class Wanderer {
    private final String name;
    private final Random own;
    volatile String room;
    volatile boolean wanders = true;
    volatile boolean in;

    Wanderer(int number, long seed) {
      name = "w" + number;
      own = new Random(seed);
      room = "r" + own.nextInt(ROOMS);
    }

    void run() {
      String resume = null;
      while (!over) {
        try {
          var client = new TestClient(http, nodes.get(own.nextInt(NODES)).webSocket());
          client.say(hello(resume));
          JsonNode welcome = client.any();
          if (welcome.path("type").asText().equals("welcome")) {
            resume = welcome.path("resume").asText();
            in = true;
            boolean leaves = stays(client);
            in = false;
            if (leaves) {
              resume = null;
              room = "r" + own.nextInt(ROOMS);
            }
          }
          client.socket().abort();
        } catch (Exception | AssertionError e) {
          in = false; // the node is gone, or hangs: another one
        }
        pause(200 + own.nextInt(300));
      }
    }

    /// Until the socket closes, the node is silent, or it is time to go elsewhere.
    ///
    /// @return whether we left
    private boolean stays(TestClient client) throws Exception {
      for (int i = 1; !over; i++) {
        client.say("{\"type\":\"ping\",\"id\":" + i + "}");
        int id = i;
        client.await("pong", pong -> pong.path("id").asInt() == id);
        pause(500);
        if (wanders && own.nextInt(30) == 0) {
          client.say("{\"type\":\"leave\"}");
          return true;
        }
      }
      return false;
    }

    private String hello(String resume) {
      var hello =
          MAPPER
              .createObjectNode()
              .put("type", "hello")
              .put("version", 1)
              .put("room", room)
              .put("name", name);
      if (resume != null) {
        hello.put("resume", resume).put("media", "new");
      }
      return hello.toString();
    }

    private void pause(int millis) throws IllegalStateException {
      try {
        if (never.await(millis, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("nobody counts it down");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// How many are in each room, as a node tells it.
  private Map<String, Integer> rooms(int node) throws Exception {
    Map<String, Integer> rooms = new TreeMap<>();
    for (JsonNode room : get(node, "/rooms").path("rooms")) {
      if (room.path("participants").asInt() > 0) {
        rooms.put(room.path("room").asText(), room.path("participants").asInt());
      }
    }
    return rooms;
  }

  private JsonNode get(int node, String path) throws Exception {
    HttpRequest request = request(node, path).GET().build();
    try {
      return MAPPER.readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return MAPPER.missingNode();
    }
  }

  private void post(int node, String path) throws Exception {
    HttpRequest request =
        request(node, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertNotEquals(500, response.statusCode(), response.body());
  }

  private HttpRequest.Builder request(int node, String path) {
    return HttpRequest.newBuilder(URI.create(nodes.get(node).http() + "/api/v1" + path))
        .timeout(Duration.ofSeconds(20));
  }

  private ServerProcess start(int index) throws Exception {
    Path own = directory.resolve("n" + index);
    Files.createDirectories(own);
    List<String> hosts =
        ports.subList(0, NODES).stream().map(port -> "\"127.0.0.1:" + port + "\"").toList();
    return new ServerProcess(
        own,
        """
        http { port = %d }
        limits.joins-per-second = 1000
        cluster {
          enabled = true, node = n%d, port = %d, hosts = [%s], expected = 3
          secret = "a secret that the three nodes share"
        }
        """
            .formatted(ports.get(NODES + index), index, ports.get(index), String.join(",", hosts)));
  }

  private static List<Integer> ports(int count) throws IOException {
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

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void until(String what, Condition condition) throws Exception {
    for (int i = 0; i < 120; i++) {
      if (condition.holds()) {
        return;
      }
      rest(1);
    }
    throw new AssertionError("not so: " + what + "; rooms are " + rooms(0));
  }
}
