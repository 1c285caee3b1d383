package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.config.ServerConfig;

/// Bad input by `peer` while two others make their direct call: what is refused reaches nobody, and
/// they do not notice.
class PeerAttackTest {
  private static final int MOST_CANDIDATES = 128;

  private PlenumServer server;
  private HttpClient http;
  private Pair two;

  /// Two who have agreed to talk directly, and have been told to.
  private record Pair(
      TestClient offering, String offeringId, TestClient answering, String answeringId, long call) {
    /// What one says to the other arrives.
    void talk() throws Exception {
      offering.say(peer(answeringId, call, "\"description\":{\"type\":\"offer\",\"sdp\":\"v=0\"}"));
      JsonNode heard = answering.await("peer", _ -> true);
      assertEquals(offeringId, heard.get("from").asText());
      assertEquals("v=0", heard.at("/description/sdp").asText());
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = PlenumServer.start(ServerConfig.forTests().withDirect(true));
    http = HttpClient.newHttpClient();
    two = pair("blue");
  }

  /// The two of the other room have heard nothing that they should not, and go on.
  @AfterEach
  void unharmed() throws Exception {
    try {
      two.talk();
    } finally {
      server.close();
      http.shutdownNow();
    }
  }

  private Pair pair(String room) throws Exception {
    TestClient one = client();
    String oneId = enter(one, room, true);
    TestClient other = client();
    String otherId = enter(other, room, true);
    JsonNode started = one.await("direct", _ -> true);
    assertEquals("started", started.get("state").asText());
    long call = started.get("call").asLong();
    other.await("direct", _ -> true);
    return started.get("offers").asBoolean()
        ? new Pair(one, oneId, other, otherId, call)
        : new Pair(other, otherId, one, oneId, call);
  }

  private TestClient client() throws Exception {
    return new TestClient(http, "ws://127.0.0.1:" + server.httpPort() + "/ws");
  }

  private static String enter(TestClient client, String room, boolean agrees) throws Exception {
    client.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"%s\",\"name\":\"A\",\"features\":[%s]}"
            .formatted(room, agrees ? "\"direct\"" : ""));
    String id = client.next("welcome").get("participant").asText();
    client.say(RealSfuTest.offer());
    client.await("answer", _ -> true);
    return id;
  }

  private static String peer(String to, long call, String content) {
    return "{\"type\":\"peer\",\"to\":\"%s\",\"call\":%d,%s}".formatted(to, call, content);
  }

  private static String candidates(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"candidate\":\"candidate:" + i + "\",\"mid\":\"0\"}")
        .collect(Collectors.joining(",", "\"candidates\":[", "]"));
  }

  private static JsonNode error(TestClient client) throws Exception {
    return client.await("error", _ -> true);
  }

  @Test
  void toSomebodyOfAnotherRoom() throws Exception {
    Pair elsewhere = pair("red");
    for (String victim : List.of(two.offeringId(), two.answeringId())) {
      elsewhere.offering().say(peer(victim, 1, candidates(1)));
      JsonNode error = error(elsewhere.offering());
      assertEquals("invalid-message", error.get("code").asText());
      assertTrue(error.get("message").asText().contains(victim), error.toString());
    }
    elsewhere.talk();
  }

  @Test
  void toSomebodyWhoHasNotAgreed() throws Exception {
    TestClient mallory = client();
    enter(mallory, "red", true);
    TestClient carl = client();
    String carls = enter(carl, "red", false);
    for (long call : new long[] {1, 2, Integer.MAX_VALUE}) {
      mallory.say(peer(carls, call, candidates(1)));
      JsonNode error = error(mallory);
      assertEquals("forbidden", error.get("code").asText());
      assertTrue(error.get("message").asText().contains("have not agreed"), error.toString());
    }
    assertEquals(0, candidatesHeard(carl));
  }

  /// All that came to somebody until now.
  private static int candidatesHeard(TestClient client) throws Exception {
    client.say("{\"type\":\"rename\",\"name\":\"Last\"}");
    int heard = 0;
    JsonNode message = client.any();
    while (!message.get("type").asText().equals("renamed")) {
      heard += message.path("candidates").size();
      message = client.any();
    }
    return heard;
  }

  @Test
  void aDescriptionOfOneMegabyte() throws Exception {
    Pair elsewhere = pair("red");
    String sdp = "v".repeat(1 << 20);
    String description = "\"description\":{\"type\":\"offer\",\"sdp\":\"%s\"}";
    elsewhere
        .offering()
        .say(peer(elsewhere.answeringId(), 1, description.formatted(sdp.substring(0, 400_000))));
    assertEquals("description.sdp", error(elsewhere.offering()).get("field").asText());
    elsewhere.talk();
    elsewhere.offering().say(peer(elsewhere.answeringId(), 1, description.formatted(sdp)));
    assertEquals(1009, elsewhere.offering().closeCode());
  }

  @Test
  void tenThousandCandidates() throws Exception {
    Pair elsewhere = pair("red");
    elsewhere.offering().say(peer(elsewhere.answeringId(), 1, candidates(10_000)));
    assertEquals("candidates", error(elsewhere.offering()).get("field").asText());
    elsewhere.talk();

    for (int i = 0; i < MOST_CANDIDATES / 32 + 20; i++) {
      elsewhere.offering().say(peer(elsewhere.answeringId(), 1, candidates(32)));
    }
    JsonNode refused = error(elsewhere.offering());
    assertEquals("too-many", refused.get("code").asText());
    assertTrue(refused.get("message").asText().contains("candidates"), refused.toString());
    assertEquals(MOST_CANDIDATES, candidatesHeard(elsewhere.answering()));
  }
}
