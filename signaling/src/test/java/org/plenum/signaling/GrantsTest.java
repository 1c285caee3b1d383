package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// What a token does not grant is refused by the running server, with the real SFU in it and keys
/// of both kinds.
class GrantsTest {
  private static PlenumServer server;
  private static HttpClient http;
  private static KeyPair rsa;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    rsa = generator.generateKeyPair();
    var key = new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).keyID("r").build();
    Path file = Files.writeString(directory.resolve("jwks.json"), new JWKSet(key).toString());
    ServerConfig config = Attacks.config();
    server =
        PlenumServer.start(
            config
                .with(new ServerConfig.Auth(config.auth().keys(), file.toString(), 30, false))
                .withDirect(true));
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    server.close();
    http.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"canPublish\":false} | may not publish",
        "{\"canPublishSources\":[\"microphone\"]} | may not publish CAMERA",
        "{\"canPublishSources\":[\"screen_share\"]} | may not publish",
        "{\"hidden\":true} | may not publish",
      })
  void publishesWhatItIsGranted(String grants, String message) throws Exception {
    TestClient ann = enter("published", "ann", grants);
    ann.say(RealSfuTest.offer());
    // Whoever is hidden may be told before how many beside them are.
    JsonNode error = ann.await("error", _ -> true);
    assertEquals("forbidden", error.get("code").asText(), error.toString());
    assertTrue(error.get("message").asText().contains(message), error.toString());
    assertEquals(1, error.get("id").asInt());
    ann.socket().abort();
  }

  @Test
  void receivesIfItIsGranted() throws Exception {
    TestClient bob = enter("received", "bob", "{}");
    bob.say(RealSfuTest.offer());
    bob.next("answer");
    TestClient ann = enter("received", "ann", "{\"canSubscribe\":false,\"canPublish\":true}");
    ann.say(RealSfuTest.offer());
    ann.next("answer");
    // Events come in order: a slot that carried Bob would be told before what he says.
    bob.say("{\"type\":\"message\",\"text\":\"do you see me?\"}");
    for (String type = ""; !type.equals("message"); ) {
      JsonNode message = ann.any();
      type = message.get("type").asText();
      assertTrue(!type.equals("slot") || message.get("participant").isNull(), message::toString);
    }
    bob.socket().abort();
    ann.socket().abort();
  }

  /// Each of two who talk directly learns the other's address: both tokens must say so.
  @ParameterizedTest
  @CsvSource({"true, true, true", "true, false, false", "false, true, false"})
  void talksDirectlyIfBothAreGrantedIt(boolean anns, boolean bobs, boolean direct)
      throws Exception {
    String room = "direct-" + anns + bobs;
    TestClient ann = enter(room, "ann", anns ? "{\"p2p\":true}" : "{}");
    ann.say(RealSfuTest.offer());
    ann.await("answer", _ -> true);
    TestClient bob = enter(room, "bob", bobs ? "{\"p2p\":true}" : "{}");
    bob.say(RealSfuTest.offer());
    bob.await("answer", _ -> true);
    // Events come in order: they would have been introduced before what Bob says.
    bob.say("{\"type\":\"message\",\"text\":\"do you hear me?\"}");
    boolean introduced = false;
    for (String type = ""; !type.equals("message"); ) {
      type = ann.any().get("type").asText();
      introduced |= type.equals("direct");
    }
    assertEquals(direct, introduced);
    if (!direct) {
      bob.say(
          "{\"type\":\"peer\",\"to\":\"nobody\",\"call\":1,\"candidates\":[{\"candidate\":\"\",\"mid\":\"0\"}]}");
      JsonNode error = bob.await("error", _ -> true);
      assertEquals("invalid-message", error.get("code").asText(), "somebody who is not here");
    }
    ann.socket().abort();
    bob.socket().abort();
  }

  @Test
  void aPublicKeyIsNoSecret() throws Exception {
    String header = "{\"alg\":\"HS256\",\"kid\":\"r\"}";
    byte[] confused = rsa.getPublic().getEncoded();
    TestClient eve = connect();
    eve.say(hello("blue", Forge.hs256(header, Forge.json(Forge.claims()), confused)));
    JsonNode error = eve.next("error");
    assertEquals("unauthorized", error.get("code").asText());
    assertTrue(
        error.get("message").asText().contains("must be that of its key, RS256, not HS256"),
        error.toString());
  }

  private static TestClient enter(String room, String who, String grants) throws Exception {
    var video = (ObjectNode) new JsonMapper().readTree(grants);
    video.put("room", room).put("roomJoin", true);
    Map<String, Object> claims = Forge.with("video", video);
    claims.put("sub", who);
    TestClient client = connect();
    client.say(hello(room, Forge.hs256(claims)));
    client.next("welcome");
    return client;
  }

  private static TestClient connect() throws Exception {
    return new TestClient(http, "ws://127.0.0.1:" + server.httpPort() + "/ws");
  }

  private static String hello(String room, String token) {
    return """
    {"type":"hello","version":1,"room":"%s","name":"A","token":"%s","features":["direct"]}"""
        .formatted(room, token);
  }
}
