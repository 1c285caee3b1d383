package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.token.Forge;

/// Three nodes, each a process: whoever comes to any of them is in the same room, and stays who
/// they
/// are when its node dies or gives it away.
@Tag("slow")
class ClusterTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int NODES = 3;
  private static final String OPERATOR =
      Forge.hs256(
          Forge.granting("roomCreate", true, "roomList", true, "roomAdmin", true, "room", "blue"));
  private static final String GUEST = Forge.hs256(Forge.granting("roomJoin", true, "room", "blue"));

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<ServerProcess> nodes = new ArrayList<>();

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    nodes.forEach(ServerProcess::close);
    http.shutdownNow();
  }

  /// Bob's client can go to another node while this one still plays; Ada's cannot.
  @Test
  void whoCanGoesOverBeforeTheFormerNodeEnds() throws Exception {
    startAll();
    for (ServerProcess node : nodes) {
      until(() -> get(node, "/nodes").path("nodes").size() == NODES);
    }
    var ada = new TestClient(http, nodes.get(0).webSocket());
    JsonNode adas = hello(ada, "Ada", null);
    var bob = new TestClient(http, nodes.get(1).webSocket());
    bob.say(goingOver("Bob", null));
    JsonNode bobs = bob.next("welcome");
    bob.say("{\"type\":\"ping\",\"id\":7}");
    assertEquals(7, bob.await("pong", _ -> true).path("id").asInt());
    bob.say("{\"type\":\"message\",\"topic\":\"chat\",\"text\":\"before\"}");
    ada.await("message", said -> said.path("text").asText().equals("before"));

    HttpResponse<String> moved = send(nodes.get(1), "POST", "/rooms/blue/move", "{}");
    assertEquals(200, moved.statusCode(), moved.body());
    JsonNode offered = bob.await("handOver", _ -> true);
    assertTrue(offered.path("seconds").asInt() > 0, offered.toString());
    assertEquals(1, offered.path("nodes").size(), offered.toString());
    assertEquals(1001, ada.closeCode());

    var bobAgain = new TestClient(http, nodes.get(2).webSocket());
    bobAgain.say(goingOver("Bob", bobs.path("resume").asText()));
    JsonNode there = bobAgain.next("welcome");
    assertEquals(bobs.path("participant").asText(), there.path("participant").asText());
    assertTrue(there.path("history").toString().contains("before"), there.toString());
    ada = new TestClient(http, nodes.get(2).webSocket());
    comesBack(ada, adas);
    bob.say("{\"type\":\"ping\",\"id\":8}");
    assertEquals(8, bob.await("pong", _ -> true).path("id").asInt(), "the former node goes on");

    bob.say("{\"type\":\"handedOver\"}");
    assertEquals(1001, bob.closeCode());
    bobAgain.say("{\"type\":\"ping\",\"id\":9}");
    assertEquals(9, bobAgain.await("pong", _ -> true).path("id").asInt());
    JsonNode room = get(nodes.get(0), "/rooms/blue");
    assertEquals(2, room.path("participants").asInt(), room.toString());
    assertEquals(MAPPER.readTree(moved.body()).path("node"), room.path("node"), room.toString());
    isOneLife(room.path("sid").asText());
  }

  /// Whoever reads them at any node sees one room, which went on and then ended, once.
  private void isOneLife(String sid) throws Exception {
    assertEquals(204, send(nodes.get(0), "DELETE", "/rooms/blue", null).statusCode());
    List<JsonNode> events = new ArrayList<>();
    until(
        () -> {
          events.clear();
          get(nodes.get(2), "/events?room=blue").path("events").forEach(events::add);
          return events.stream().anyMatch(ClusterTest::isEnd);
        });
    Thread.sleep(3_000); // the former owner would have told its end by now
    events.clear();
    get(nodes.get(1), "/events?room=blue").path("events").forEach(events::add);
    events.sort(Comparator.comparingLong(event -> event.path("sequence").asLong()));
    List<String> names = events.stream().map(event -> event.path("event").asText()).toList();
    assertEquals("room_started", names.getFirst());
    assertEquals("room_finished", names.getLast());
    assertEquals(1, names.stream().filter("room_finished"::equals).count(), names.toString());
    int moved = names.indexOf("room_moved");
    assertEquals(2, moved - names.indexOf("room_started") - 1, "Ada and Bob came: " + names);
    List<String> later = names.subList(moved, names.size());
    assertEquals(2, later.stream().filter("participant_joined"::equals).count(), names.toString());
    for (JsonNode event : events) {
      assertEquals(sid, event.path("room").path("sid").asText(), event.toString());
      assertEquals(
          events.getFirst().path("room").path("creationTime"),
          event.path("room").path("creationTime"));
    }
    assertEquals(2, events.stream().map(event -> event.path("node")).distinct().count());
  }

  private static boolean isEnd(JsonNode event) {
    return event.path("event").asText().equals("room_finished");
  }

  /// Nobody has entered it: it is found all the same, with what it was made with.
  @Test
  void aRoomThatWasMadeIsFoundWhereItWasMovedTo() throws Exception {
    startAll();
    HttpResponse<String> made = send(nodes.get(0), "PUT", "/rooms/blue", "{\"metadata\":\"tall\"}");
    assertEquals(201, made.statusCode(), made.body());
    String former = owner();
    HttpResponse<String> begun = send(nodes.get(2), "POST", "/rooms/blue/broadcast", "{}");
    assertEquals(201, begun.statusCode(), begun.body());
    HttpResponse<String> moved = send(nodes.get(1), "POST", "/rooms/blue/move", "{}");
    assertEquals(200, moved.statusCode(), moved.body());
    String next = MAPPER.readTree(moved.body()).path("node").asText();
    assertNotEquals(former, next);
    for (ServerProcess node : nodes) {
      JsonNode room = get(node, "/rooms/blue");
      assertEquals(next, room.path("node").asText(), room.toString());
      assertEquals("tall", room.path("metadata").asText(), room.toString());
    }
    // Its broadcast has ended there and goes on here.
    String before = MAPPER.readTree(begun.body()).path("broadcast").asText();
    until(
        () -> {
          HttpResponse<String> now = send(nodes.get(0), "GET", "/rooms/blue/broadcast", null);
          return now.statusCode() == 200
              && !MAPPER.readTree(now.body()).path("broadcast").asText().equals(before);
        });
    assertEquals(204, send(nodes.get(2), "DELETE", "/rooms/blue", null).statusCode());
    for (ServerProcess node : nodes) {
      // Its worker closes it, a moment later.
      until(() -> send(node, "GET", "/rooms/blue", null).statusCode() == 404);
    }
  }

  /// Of a room that is on no node: each node knows it, and each can take it back.
  @Test
  void anInvitationHoldsAtEveryNode() throws Exception {
    startAll();
    for (ServerProcess node : nodes) {
      until(() -> get(node, "/nodes").path("nodes").size() == NODES);
    }
    HttpResponse<String> made = send(nodes.get(0), "POST", "/rooms/blue/invitations", "{}");
    assertEquals(201, made.statusCode(), made.body());
    JsonNode invitation = MAPPER.readTree(made.body());
    for (ServerProcess node : nodes) {
      JsonNode known = get(node, "/rooms/blue/invitations").path("invitations");
      assertEquals(1, known.size(), known.toString());
    }
    var guest = new TestClient(http, nodes.get(2).webSocket());
    var words = (ObjectNode) MAPPER.readTree(words("Guest", null));
    guest.say(words.put("token", invitation.path("token").asText()).toString());
    guest.next("welcome");
    for (ServerProcess node : nodes) {
      until(
          () ->
              get(node, "/rooms/blue/invitations").path("invitations").path(0).path("used").asInt()
                  == 1);
    }

    String path = "/rooms/blue/invitations/" + invitation.path("invitation").asText();
    assertEquals(204, send(nodes.get(1), "DELETE", path, null).statusCode());
    for (ServerProcess node : nodes) {
      assertEquals(0, get(node, "/rooms/blue/invitations").path("invitations").size());
      var late = new TestClient(http, node.webSocket());
      late.say(words.toString());
      assertEquals("unauthorized", late.any().path("code").asText());
    }
  }

  private static String goingOver(String name, String resume) throws Exception {
    var hello = (ObjectNode) MAPPER.readTree(words(name, resume));
    hello.putArray("features").add("handOver");
    if (resume != null) {
      hello.put("media", "new");
    }
    return hello.toString();
  }

  @Test
  void aRoomOutlivesItsNode() throws Exception {
    startAll();
    for (ServerProcess node : nodes) {
      until(() -> get(node, "/nodes").path("nodes").size() == NODES);
    }

    var ada = new TestClient(http, nodes.get(0).webSocket());
    JsonNode adas = hello(ada, "Ada", null);
    assertEquals(2, adas.path("nodes").size(), adas.toString());
    var bob = new TestClient(http, nodes.get(1).webSocket());
    JsonNode bobs = hello(bob, "Bob", null);
    assertEquals(1, bobs.path("participants").size(), bobs.toString());
    String bobsId = bobs.path("participant").asText();
    ada.await(
        "joined",
        joined ->
            joined.path("participant").path("participant").asText().equals(bobsId)
                || joined.toString().contains(bobsId));

    for (ServerProcess node : nodes) {
      JsonNode rooms = get(node, "/rooms").path("rooms");
      assertEquals(1, rooms.size(), rooms.toString());
      assertEquals(2, rooms.get(0).path("participants").asInt());
    }
    assertEquals(200, send(nodes.get(2), "PATCH", "/rooms/blue", "{\"locked\":true}").statusCode());

    // It is given to another node, and everybody with it.
    String owner = owner();
    HttpResponse<String> moved = send(nodes.get(1), "POST", "/rooms/blue/move", "{}");
    assertEquals(200, moved.statusCode(), moved.body());
    String next = MAPPER.readTree(moved.body()).path("node").asText();
    assertNotEquals(owner, next);
    assertEquals(1001, ada.closeCode());
    assertEquals(1001, bob.closeCode());
    ada = new TestClient(http, nodes.get(2).webSocket());
    adas = comesBack(ada, adas);
    bob = new TestClient(http, nodes.get(0).webSocket());
    bobs = comesBack(bob, bobs);

    // It dies.
    int killed = Integer.parseInt(next.substring(1));
    nodes.get(killed).signal("KILL");
    nodes.get(killed).exitStatus();
    ServerProcess one = nodes.get((killed + 1) % NODES);
    ServerProcess other = nodes.get((killed + 2) % NODES);
    ada = new TestClient(http, one.webSocket());
    adas = comesBack(ada, adas);
    bob = new TestClient(http, other.webSocket());
    bobs = comesBack(bob, bobs);
    assertEquals(1, bobs.path("participants").size(), bobs.toString());
    JsonNode room = get(other, "/rooms/blue");
    assertTrue(room.path("locked").asBoolean(), room.toString());
    var stranger = new TestClient(http, one.webSocket());
    stranger.say(words("Eve", null));
    assertEquals("room-locked", stranger.any().path("code").asText());

    // One of three is no quorum: the call goes on, no room is opened.
    String last = owner();
    int left = Integer.parseInt(last.substring(1));
    int second = NODES - left - killed;
    nodes.get(second).signal("KILL");
    nodes.get(second).exitStatus();
    ServerProcess alone = nodes.get(left);
    until(() -> !get(alone, "/nodes").path("quorum").asBoolean());
    assertEquals(200, send(alone, "GET", "/rooms/blue", null).statusCode());
    HttpResponse<String> refused = send(alone, "PUT", "/rooms/green", "{}");
    assertEquals(503, refused.statusCode(), refused.body());
    assertTrue(refused.body().contains("too few"), refused.body());
  }

  private String owner() throws Exception {
    List<String> owners = new ArrayList<>();
    until(
        () -> {
          owners.clear();
          for (ServerProcess node : nodes) {
            JsonNode all = tryGet(node, "/nodes");
            for (JsonNode each : all.path("nodes")) {
              if (each.path("rooms").asInt() > 0) {
                owners.add(each.path("node").asText());
              }
            }
            if (!all.isMissingNode()) {
              break;
            }
          }
          return owners.size() == 1;
        });
    return owners.getFirst();
  }

  private static JsonNode comesBack(TestClient client, JsonNode before) throws Exception {
    JsonNode after = hello(client, before.path("name").asText(), before.path("resume").asText());
    assertEquals(before.path("participant").asText(), after.path("participant").asText());
    assertFalse(after.path("resumed").asBoolean());
    return after;
  }

  private static JsonNode hello(TestClient client, String name, String resume) throws Exception {
    client.say(words(name, resume));
    return client.next("welcome");
  }

  private static String words(String name, String resume) {
    var hello =
        MAPPER
            .createObjectNode()
            .put("type", "hello")
            .put("version", 1)
            .put("room", "blue")
            .put("name", name)
            .put("token", GUEST);
    if (resume != null) {
      hello.put("resume", resume).put("media", "keep");
    }
    return hello.toString();
  }

  private void startAll() throws Exception {
    List<Integer> ports = ports();
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
  }

  private ServerProcess start(int index, List<Integer> ports) throws Exception {
    Path own = Files.createDirectory(directory.resolve("n" + index));
    List<String> hosts = ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").toList();
    return new ServerProcess(
        own,
        """
        auth.keys { one = "%s" }
        cluster {
          enabled = true, node = n%d, port = %d, hosts = [%s], expected = 3
          secret = "a secret that the three nodes share"
          url = "http://localhost/n%d"
        }
        """
            .formatted(Forge.SECRET, index, ports.get(index), String.join(",", hosts), index));
  }

  private static List<Integer> ports() throws IOException {
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

  private JsonNode get(ServerProcess node, String path) throws Exception {
    HttpResponse<String> response = send(node, "GET", path, null);
    assertEquals(200, response.statusCode(), response.body());
    return MAPPER.readTree(response.body());
  }

  /// What is missing if the node is gone.
  private JsonNode tryGet(ServerProcess node, String path) throws Exception {
    try {
      return get(node, path);
    } catch (IOException e) {
      return MAPPER.missingNode();
    }
  }

  private HttpResponse<String> send(ServerProcess node, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node.http() + "/api/v1" + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + OPERATOR);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return http.send(request.build(), BodyHandlers.ofString());
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
