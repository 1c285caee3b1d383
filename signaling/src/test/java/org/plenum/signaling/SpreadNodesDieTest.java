package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A room on two of three nodes, each a process, and one of them is killed: whoever had their media
/// there comes back to the same room, nobody is left of those who were there, and no relay.
@Tag("slow")
class SpreadNodesDieTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int NODES = 3;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final List<Integer> management = new ArrayList<>();
  private final List<Integer> alive = new ArrayList<>(List.of(0, 1, 2));

  @TempDir private Path directory;

  @BeforeEach
  void start() throws Exception {
    List<Integer> ports = ports(2 * NODES);
    management.addAll(ports.subList(NODES, 2 * NODES));
    try (ExecutorService starters = Executors.newFixedThreadPool(NODES)) {
      List<Future<ServerProcess>> started = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        int index = i;
        started.add(starters.submit(() -> start(index, ports)));
      }
      for (Future<ServerProcess> each : started) {
        nodes.add(each.get());
      }
    }
    until("all are there", () -> counts("plenum_cluster_size").equals(List.of(3L, 3L, 3L)));
  }

  private ServerProcess start(int index, List<Integer> ports) throws Exception {
    Path own = Files.createDirectory(directory.resolve("n" + index));
    List<String> hosts =
        ports.subList(0, NODES).stream().map(port -> "\"127.0.0.1:" + port + "\"").toList();
    return new ServerProcess(
        own,
        """
        management.port = %d
        media.offer-loopback = true
        room { spread = 1, empty-seconds = 10 }
        cluster {
          enabled = true, node = n%d, port = %d, hosts = [%s], expected = 3, host = "127.0.0.1"
          secret = "a secret that the three nodes share"
          room-nodes = 2
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

  @AfterEach
  void stop() {
    nodes.forEach(ServerProcess::close);
    http.shutdownNow();
  }

  /// Who is at home at which node.
  private record Spread(TestClient ada, JsonNode adas, TestClient bob, JsonNode bobs, int guests) {}

  /// Ada at the room's node, Bob at another one.
  private Spread spread() throws Exception {
    var ada = new TestClient(http, nodes.getFirst().webSocket());
    JsonNode adas = ada.hello("blue", "Ada");
    int owner = owner();
    until("the room has a part elsewhere", () -> sum("plenum_node_relays") == 2);
    until("its owner knows it", () -> sum("plenum_branches") == 1);
    int guests = counts("plenum_branches").indexOf(1L);
    assertTrue(guests >= 0 && guests != owner, "at " + guests + ", the owner is " + owner);
    // A place there is taken once datagrams have passed both ways.
    TestClient bob;
    JsonNode bobs;
    for (int i = 0; ; i++) {
      bob = new TestClient(http, nodes.get(owner).webSocket());
      bobs = bob.hello("blue", "Bob" + i);
      if (count(guests, "plenum_participants") == 1) {
        break;
      }
      assertTrue(i < 50, "nobody is placed there");
      bob.say("{\"type\":\"leave\"}");
      Thread.sleep(200);
    }
    return new Spread(ada, adas, bob, bobs, guests);
  }

  @Test
  void guestsComeBackWhenTheirNodeDies() throws Exception {
    Spread room = spread();
    int owner = owner();
    kill(room.guests());
    String bobsId = room.bobs().path("participant").asText();
    room.ada().await("left", left -> left.toString().contains(bobsId));
    until("nobody is there but Ada", () -> roster(owner) == 1);
    until("no relay is left to it", () -> count(owner, "plenum_participants") == 1);

    var bob = new TestClient(http, nodes.get(owner).webSocket());
    JsonNode again = bob.hello("blue", "Bob");
    assertTrue(
        again.path("participants").toString().contains(room.adas().path("participant").asText()),
        again.toString());
    assertEquals(owner, owner(), "it is the same room");
    until("two are in it", () -> roster(owner) == 2);
    until("two at all nodes", () -> sum("plenum_participants") == 2);
    leave(room.ada(), bob);
  }

  @Test
  void theRoomGoesOnWhenItsNodeDiesUnderGuests() throws Exception {
    Spread room = spread();
    kill(owner());
    until("nothing of it is left at the guests' node", () -> sum("plenum_branches") == 0);
    until("no relay is left", () -> sum("plenum_node_relays") == 0);
    until("nobody is left", () -> sum("plenum_participants") == 0);

    TestClient ada = back(room.adas(), alive.getFirst());
    TestClient bob = back(room.bobs(), alive.getLast());
    int owner = owner();
    until("two are in it", () -> roster(owner) == 2);
    until("two at all nodes", () -> sum("plenum_participants") == 2);
    leave(ada, bob);
  }

  private TestClient back(JsonNode before, int node) throws Exception {
    var client = new TestClient(http, nodes.get(node).webSocket());
    client.say(
        MAPPER
            .createObjectNode()
            .put("type", "hello")
            .put("version", 1)
            .put("room", "blue")
            .put("name", before.path("name").asText())
            .put("resume", before.path("resume").asText())
            .put("media", "new")
            .toString());
    JsonNode welcome = client.next("welcome");
    assertEquals(before.path("participant"), welcome.path("participant"));
    return client;
  }

  /// Everybody goes: nothing of the room is left anywhere.
  private void leave(TestClient... clients) throws Exception {
    for (TestClient each : clients) {
      each.say("{\"type\":\"leave\"}");
    }
    until("nobody is left", () -> sum("plenum_participants") == 0);
    until("no part is left", () -> sum("plenum_branches") == 0);
    until("no relay is left", () -> sum("plenum_node_relays") == 0);
  }

  private void kill(int node) throws Exception {
    nodes.get(node).signal("KILL");
    nodes.get(node).exitStatus();
    alive.remove(Integer.valueOf(node));
  }

  private int owner() throws Exception {
    String[] name = new String[1];
    until(
        "a node has the room",
        () -> {
          name[0] = get(alive.getFirst(), "/rooms/blue").path("node").asText();
          return !name[0].isEmpty();
        });
    return Integer.parseInt(name[0].substring(1));
  }

  private int roster(int node) throws Exception {
    return get(node, "/rooms/blue").path("participants").asInt();
  }

  private JsonNode get(int node, String path) throws Exception {
    URI uri = URI.create(nodes.get(node).http() + "/api/v1" + path);
    return MAPPER.readTree(
        http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
  }

  private long sum(String metric) throws Exception {
    return counts(metric).stream().mapToLong(each -> each).sum();
  }

  /// At each node that lives; 0 where there is no such figure.
  private List<Long> counts(String metric) throws Exception {
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      counts.add(alive.contains(i) ? count(i, metric) : 0);
    }
    return counts;
  }

  private long count(int node, String metric) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + management.get(node) + "/metrics");
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(String what, Condition condition) throws Exception {
    for (int i = 0; i < 900 && !condition.holds(); i++) {
      Thread.sleep(100);
    }
    assertTrue(condition.holds(), what);
  }
}
