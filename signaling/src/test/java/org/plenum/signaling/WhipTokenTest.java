package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.plenum.sfu.JoinRequest;
import org.plenum.signaling.token.Forge;

/// WHIP and WHEP ask for the same tokens.
class WhipTokenTest {
  private static TestServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    server = new TestServer(true, Attacks.config());
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
    var response = post("/whip/blue", "Bearer " + token);
    assertEquals(code.equals("unauthorized") ? 401 : 403, response.statusCode(), response.body());
    assertTrue(header(response, "WWW-Authenticate").startsWith("Bearer "), name);
    assertEquals("application/problem+json", header(response, "Content-Type"));
    assertTrue(response.body().contains(message), response.body());
    assertFalse(response.body().contains(token));
  }

  @ParameterizedTest
  @CsvSource({"whip", "whep"})
  void refusesWhoHasNoToken(String protocol) throws Exception {
    assertEquals(401, post("/" + protocol + "/blue", null).statusCode());
    assertEquals(401, post("/" + protocol + "/blue", "Basic YTpi").statusCode());
  }

  @ParameterizedTest
  @CsvSource({"whip, canPublish", "whep, canSubscribe"})
  void refusesWhatTheTokenTakesBack(String protocol, String grant) throws Exception {
    var claims = Forge.granting("room", "blue", "roomJoin", true, grant, false);
    var response = post("/" + protocol + "/blue", "Bearer " + Forge.hs256(claims));
    assertEquals(403, response.statusCode());
    assertTrue(response.body().contains("does not grant " + grant), response.body());
  }

  @Test
  void looksAtTheOfferOnceTheTokenIsGood() throws Exception {
    var response = post("/whip/blue", "bearer " + Forge.hs256(Forge.claims()));
    assertEquals(400, response.statusCode(), response.body());
  }

  /// One token for an encoder and a player.
  @Test
  void aViewerSeesWhatTheSamePersonPublishesUnlessAskedOtherwise() throws Exception {
    String token = Forge.hs256(Forge.claims());
    assertEquals(201, post("/whip/blue", token, WhipTexts.publishing()));
    assertFalse(joined().seesOwnTracks());
    assertEquals(201, post("/whep/blue", token, WhipTexts.viewing()));
    assertTrue(joined().seesOwnTracks());
    assertEquals("ann", joined().identity().value());
    assertEquals(201, post("/whep/blue?own=false", token, WhipTexts.viewing()));
    assertFalse(joined().seesOwnTracks());
    assertEquals(201, post("/whep/blue?own=true", token, WhipTexts.viewing()));
    assertTrue(joined().seesOwnTracks());
  }

  @ParameterizedTest
  @CsvSource({"whip", "whep"})
  void nobodyCanWaitHere(String protocol) throws Exception {
    var maker =
        new ApiClient(http, server.http(""), Forge.hs256(Forge.granting("roomCreate", true)));
    maker.send("PUT", "/rooms/" + protocol, "{\"rules\":{\"waitingRoom\":true}}");
    String guest = Forge.hs256(Forge.granting("room", protocol, "roomJoin", true));
    var refused =
        http.send(
            HttpRequest.newBuilder(URI.create(server.http("/" + protocol + "/" + protocol)))
                .header("Content-Type", "application/sdp")
                .header("Authorization", "Bearer " + guest)
                .POST(BodyPublishers.ofString("v=0"))
                .build(),
            BodyHandlers.ofString());
    assertEquals(403, refused.statusCode(), refused.body());
    assertEquals("application/problem+json", header(refused, "Content-Type"));
    assertTrue(refused.body().contains("has a waiting room"), refused.body());
    String host =
        Forge.hs256(Forge.granting("room", protocol, "roomJoin", true, "roomAdmin", true));
    String offer = protocol.equals("whip") ? WhipTexts.publishing() : WhipTexts.viewing();
    assertEquals(201, post("/" + protocol + "/" + protocol, host, offer));
  }

  private static JoinRequest joined() {
    return server.room("blue").joins.getLast();
  }

  private static int post(String path, String token, String offer) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(server.http(path)))
                .header("Content-Type", "application/sdp")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(offer))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static HttpResponse<String> post(String path, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .header("Content-Type", "application/sdp")
            .POST(BodyPublishers.ofString("nonsense"));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
