package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.plenum.sfu.JoinRequest;
import org.plenum.sfu.TrackSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.token.Forge;

/// The running server against those who want in.
class TokenAttackTest {
  private static TestServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    ServerConfig.Web web =
        new ServerConfig.Web(List.of(), List.of("https://app.example"), null, null, false);
    server = new TestServer(true, Attacks.config().with(web));
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    server.close();
    http.shutdownNow();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.plenum.signaling.Attacks#table")
  void refuses(String name, String token, String code, String message) throws Exception {
    long refusedBefore = server.counters().value(SignalingCounter.REFUSED_TOKENS);
    TestClient client = new TestClient(http, server.webSocket());
    client.say(hello(token));
    JsonNode error = client.next("error");
    assertEquals(code, error.get("code").asText(), error.toString());
    assertTrue(error.get("message").asText().contains(message), error.toString());
    assertTrue(error.get("fatal").asBoolean());
    assertFalse(error.toString().contains(token), "a refusal must not repeat the token");
    assertEquals(1008, client.closeCode());
    assertEquals(refusedBefore + 1, server.counters().value(SignalingCounter.REFUSED_TOKENS));
  }

  @Test
  void refusesWhoHasNoToken() throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    client.say("{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ann\"}");
    assertEquals("unauthorized", client.next("error").get("code").asText());
    assertEquals(1008, client.closeCode());
  }

  @Test
  void letsInWhoHasOneAndHoldsThemToIt() throws Exception {
    TestClient client = new TestClient(http, server.webSocket());
    var claims =
        Forge.granting(
            "room",
            "blue",
            "roomJoin",
            true,
            "canPublishSources",
            List.of("microphone"),
            "canSubscribe",
            false,
            "canPublishData",
            false,
            "hidden",
            true);
    claims.put("name", "Ann of the token");
    client.say(hello(Forge.hs256(claims)));
    JsonNode welcome = client.next("welcome");
    assertFalse(welcome.get("open").asBoolean());
    JoinRequest join = server.room("blue").joins.getLast();
    assertEquals("Ann of the token", join.name());
    assertEquals("Ann of the token", welcome.get("name").asText());
    assertEquals("ann", join.identity().value());
    assertTrue(join.hidden());
    assertEquals(List.of(TrackSource.MICROPHONE), List.copyOf(join.permissions().publish()));
    assertFalse(join.permissions().subscribe());
    client.say("{\"type\":\"message\",\"text\":\"hi\"}");
    assertEquals("forbidden", client.next("error").get("code").asText());
    // A reload needs no token again: the resume token is as good, and the grants stay.
    client.socket().abort();
    TestClient again = new TestClient(http, server.webSocket());
    again.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"x\",\"media\":\"new\","
            + "\"resume\":\"%s\"}".formatted(welcome.get("resume").asText()));
    again.next("welcome");
    assertEquals("Ann of the token", server.room("blue").joins.getLast().name());
    assertTrue(server.room("blue").joins.getLast().hidden());
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.CsvSource({
    "https://evil.example, 403",
    "http://localhost.evil.example, 403",
    "null, 403",
    "https://app.example, 101",
    "https://APP.example, 101",
  })
  void judgesWebSocketsByTheirOrigin(String origin, int status) {
    var upgrade =
        http.newWebSocketBuilder()
            .subprotocols("plenum.v1")
            .header("Origin", origin)
            .buildAsync(URI.create(server.webSocket()), new WebSocket.Listener() {});
    if (status == 101) {
      upgrade.join().abort();
      return;
    }
    var refusal = assertThrows(CompletionException.class, upgrade::join);
    var handshake = assertInstanceOf(WebSocketHandshakeException.class, refusal.getCause());
    assertEquals(status, handshake.getResponse().statusCode());
  }

  /// Browsers hide from a page what its handshake was answered; this they show.
  @Test
  void tellsAPageThatAsksWhyItsWebSocketIsRefused() throws Exception {
    HttpResponse<String> refused = asks("https://evil.example");
    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("http.allowed-origins"), refused.body());
    assertEquals("*", refused.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    HttpResponse<String> allowed = asks("https://app.example");
    assertEquals(405, allowed.statusCode());
    assertTrue(allowed.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
  }

  /// The module is for other pages too; what it may do there, their origin says.
  @Test
  void pagesOfAllOriginsMayLoadTheModuleAndNothingElse() throws Exception {
    for (String path : List.of("/plenum-client.js", "/client/signaling.js")) {
      var headers = get(path).headers();
      assertEquals("*", headers.firstValue("Access-Control-Allow-Origin").orElse(""), path);
      assertEquals(
          "cross-origin", headers.firstValue("Cross-Origin-Resource-Policy").orElse(""), path);
    }
    for (String path : List.of("/app.js", "/", "/ui/tile.js", "/access.json")) {
      assertTrue(get(path).headers().firstValue("Access-Control-Allow-Origin").isEmpty(), path);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .header("Origin", "https://evil.example")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> asks(String origin) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.http("/ws")))
            .header("Origin", origin)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void takesTheWebSocketOfItsOwnPage() {
    http.newWebSocketBuilder()
        .subprotocols("plenum.v1")
        .header("Origin", "http://127.0.0.1:" + server.port())
        .buildAsync(URI.create(server.webSocket()), new WebSocket.Listener() {})
        .join()
        .abort();
  }

  @Test
  void aTokenInAnAddressIsNotLogged() throws Exception {
    String token = Forge.hs256(Forge.claims());
    PrintStream before = System.err;
    var captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      for (String path : List.of("/?access_token=", "/ws?access_token=", "/api/v1/rooms?token=")) {
        var request = HttpRequest.newBuilder(URI.create(server.http(path + token))).build();
        http.send(request, BodyHandlers.ofString());
      }
      TestClient client = new TestClient(http, server.webSocket() + "?token=" + token);
      client.say(hello(token + "x"));
      client.next("error");
    } finally {
      System.setErr(before);
    }
    assertFalse(captured.toString(StandardCharsets.UTF_8).contains(token.substring(0, 60)));
  }

  @Test
  void tellsThePageThatTokensAreNeeded() throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.http("/access.json"))).build();
    assertEquals(
        "{\"tokens\":true,\"recordings\":false,\"connectionTest\":false,\"fileBytes\":0}\n",
        http.send(request, BodyHandlers.ofString()).body());
  }

  private static String hello(String token) {
    return "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ann\",\"token\":\"%s\"}"
        .formatted(token);
  }
}
