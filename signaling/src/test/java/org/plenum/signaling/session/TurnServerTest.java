package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.TurnServer;

class TurnServerTest {
  private static final TurnServer SERVER =
      new TurnServer(List.of("turn:203.0.113.9:3478"), "a-secret-that-both-sides-know");

  @Test
  void makesThePasswordThatCoturnExpects() {
    IceServer issued = SERVER.issue(Instant.ofEpochSecond(1_700_000_000));
    assertEquals("1700086400:plenum", issued.username());
    // openssl dgst -sha1 -hmac SECRET -binary | base64
    assertEquals("VV4H1LQiHwkNqZnU8043RTlR9LE=", issued.credential());
    assertEquals(List.of("turn:203.0.113.9:3478"), issued.urls());
  }

  @Test
  void isInEachWelcomeOnceItIsThere() throws Exception {
    SignalingFixture fixture = new SignalingFixture();
    fixture.signaling.relayBy(SERVER);
    SignalingFixture.Client ada = fixture.connect();
    ada.say(SignalingFixture.HELLO);
    JsonNode server = ada.welcomed().get("iceServers").get(0);
    assertEquals("turn:203.0.113.9:3478", server.at("/urls/0").asText());
    assertTrue(server.get("username").asText().endsWith(":plenum"));
    assertFalse(server.get("credential").asText().isEmpty());
  }

  @Test
  void keepsItsSecretToItself() {
    assertFalse(SERVER.toString().contains("secret-that"));
    assertThrows(IllegalArgumentException.class, () -> new TurnServer(List.of("turn:a"), ""));
    assertThrows(IllegalArgumentException.class, () -> new TurnServer(List.of(), "a"));
  }
}
