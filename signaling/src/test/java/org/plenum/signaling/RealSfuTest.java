package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.config.ServerConfig;

/// The server with the SFU in it and without media: from hello to metrics.
class RealSfuTest {
  private PlenumServer server;
  private HttpClient http;

  @BeforeEach
  void start() {
    server = PlenumServer.start(ServerConfig.forTests());
    http = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  @Test
  void isReadyOnceItHasStarted() throws Exception {
    assertEquals("ready\n", management("/readyz"));
    String metrics = management("/metrics");
    assertTrue(metrics.contains("plenum_rooms 0.0"), metrics);
    assertTrue(metrics.contains("plenum_ingress_datagrams_total{verdict=\"rtp_forged\"} 0.0"));
    assertTrue(metrics.contains("plenum_media_port_received_datagrams_total"));
  }

  @Test
  void answersABrowsersOfferAndTellsTheOthers() throws Exception {
    TestClient ada = client();
    String adaId = ada.hello("blue", "Ada").get("participant").asText();
    TestClient bob = client();
    assertEquals(
        adaId, bob.hello("blue", "Bob").get("participants").get(0).get("participant").asText());
    assertEquals("Bob", ada.next("joined").get("name").asText());
    bob.say(offer());
    String answer = bob.next("answer").get("sdp").asText();
    assertTrue(answer.contains("a=ice-lite"), answer);
    assertTrue(answer.contains("a=setup:passive"), answer);
    assertTrue(answer.contains(" typ host"), answer);
    assertEquals("microphone", ada.next("track").get("source").asText());
    assertEquals("camera", ada.next("track").get("source").asText());
    bob.say("{\"type\":\"mute\",\"mid\":\"0\",\"muted\":true}");
    assertTrue(ada.next("track").get("muted").asBoolean());
    assertTrue(management("/metrics").contains("plenum_participants 2.0"));
    bob.say("{\"type\":\"leave\"}");
    bob.next("bye");
    assertEquals(1000, bob.closeCode());
  }

  @Test
  void showsAnotherNameToEverybody() throws Exception {
    TestClient ada = client();
    String adaId = ada.hello("names", "Ada").get("participant").asText();
    TestClient bob = client();
    bob.hello("names", "Bob");
    ada.next("joined");
    ada.say("{\"type\":\"rename\",\"name\":\"\"}");
    assertEquals("name", ada.next("error").get("field").asText());
    ada.say("{\"type\":\"rename\",\"name\":\"Augusta\"}");
    for (TestClient each : List.of(ada, bob)) {
      JsonNode renamed = each.next("renamed");
      assertEquals(adaId, renamed.get("participant").asText());
      assertEquals("Augusta", renamed.get("name").asText());
    }
    JsonNode welcome = client().hello("names", "Carol");
    assertEquals("Augusta", welcome.get("participants").get(0).get("name").asText());
  }

  @Test
  void moderatesByTheApi() throws Exception {
    TestClient ada = client();
    ada.hello("blue", "Ada");
    TestClient bob = client();
    String bobId = bob.hello("blue", "Bob").get("participant").asText();
    ada.next("joined");
    bob.say(offer());
    bob.next("answer");
    ada.next("track");
    ada.next("track");
    ApiClient api = new ApiClient(http, "http://127.0.0.1:" + server.httpPort(), null);
    var people = api.get("/rooms/blue/participants").get("participants");
    assertEquals("new", people.get(1).get("transport").asText());
    String track = people.get(1).get("tracks").get(0).get("track").asText();
    String path = "/rooms/blue/participants/" + bobId;
    api.call(200, "PATCH", path + "/tracks/" + track, "{\"silenced\":true}");
    for (TestClient each : List.of(bob, ada)) {
      JsonNode silenced = each.next("silenced");
      assertEquals(bobId, silenced.get("participant").asText());
      assertEquals("microphone", silenced.get("sources").get(0).asText());
    }
    assertTrue(ada.next("track").get("muted").asBoolean());
    bob.say("{\"type\":\"message\",\"topic\":\"chat\",\"text\":\"hi\"}");
    assertEquals(bobId, ada.next("message").get("from").asText());
    api.call(200, "PATCH", path, "{\"permissions\":{\"publish\":[]}}");
    api.call(200, "PATCH", "/rooms/blue", "{\"locked\":true}");
    assertTrue(bob.next("rules").get("locked").asBoolean());
    assertTrue(ada.next("rules").get("locked").asBoolean());
    TestClient eve = client();
    eve.say("{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Eve\"}");
    assertEquals("room-locked", eve.next("error").get("code").asText());
    api.call(204, "DELETE", path, null);
    assertEquals("closed", bob.next("transport").get("state").asText());
    assertEquals("removed", bob.next("bye").get("reason").asText());
    assertEquals("removed", ada.next("left").get("reason").asText());
    api.call(204, "DELETE", "/rooms/blue", null);
    assertEquals("closed", ada.next("bye").get("reason").asText());
  }

  static String offer() throws Exception {
    try (InputStream in = RealSfuTest.class.getResourceAsStream("sdp/chromium-four-seats.sdp")) {
      String sdp = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return """
      {"type":"offer","id":1,"sdp":%s,
       "tracks":[{"mid":"0","source":"microphone"},{"mid":"1","source":"camera"}],
       "seats":[{"seat":0,"audio":"2","video":"3"}]}"""
          .formatted(new JsonMapper().writeValueAsString(sdp));
    }
  }

  private TestClient client() throws Exception {
    return new TestClient(http, "ws://127.0.0.1:" + server.httpPort() + "/ws");
  }

  private String management(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.managementPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
