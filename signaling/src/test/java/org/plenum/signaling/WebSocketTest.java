package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.RoomEvent;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.session.SignalingCounter;

class WebSocketTest {
  private TestServer server;
  private HttpClient http;

  @BeforeEach
  void start() {
    server = new TestServer(true);
    http = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  @Test
  void carriesACallsMessages() throws Exception {
    TestClient client = client();
    var welcome = client.hello("blue", "Ada");
    assertEquals("plenum.v1", client.socket().getSubprotocol());
    client.say("{\"type\":\"offer\",\"id\":1,\"sdp\":\"" + "x".repeat(100_000) + "\"}");
    assertTrue(client.next("answer").get("sdp").asText().length() > 100_000);
    me(welcome.get("participant").asText(), joined("bob"));
    assertEquals("bob", client.next("joined").get("participant").asText());
    client.say("{\"type\":\"leave\"}");
    client.next("bye");
    assertEquals(1000, client.closeCode());
  }

  @Test
  void answersNonsenseAndGoesOn() throws Exception {
    TestClient client = client();
    client.hello("blue", "Ada");
    for (String nonsense : List.of("", "nonsense", "[]", "{\"type\":\"view\",\"seats\":7}")) {
      client.say(nonsense);
      assertEquals("invalid-message", client.next("error").get("code").asText());
    }
    client.say("{\"type\":\"offer\",\"id\":1,\"sdp\":\"bad\"}");
    assertEquals("invalid-offer", client.next("error").get("code").asText());
  }

  @Test
  void closesOnAMessageThatIsTooLong() throws Exception {
    TestClient client = client();
    client.hello("blue", "Ada");
    client.socket().sendText("x".repeat(600 * 1024), true);
    assertEquals(1009, client.closeCode());
  }

  /// The connection must not be reset while the client is still sending: then nobody could read
  /// why.
  @Test
  void whoSendsFarTooMuchStillReadsWhy() throws Exception {
    for (int i = 0; i < 5; i++) {
      TestClient client = client();
      client.hello("blue", "Ada");
      for (int part = 0; part < 2; part++) {
        client.socket().sendText("x".repeat(1 << 20), part == 1).join();
      }
      assertEquals(1009, client.closeCode());
    }
  }

  @Test
  void aMessageMayComeInManyFrames() throws Exception {
    TestClient client = client();
    String hello = "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Zoë 👋\"}";
    for (int i = 0; i < hello.length(); i = hello.offsetByCodePoints(i, 1)) {
      int end = hello.offsetByCodePoints(i, 1);
      client.socket().sendText(hello.substring(i, end), end == hello.length()).join();
    }
    client.next("welcome");
  }

  @Test
  void closesOnABinaryMessage() throws Exception {
    TestClient client = client();
    client.socket().sendBinary(ByteBuffer.allocate(8), true);
    assertEquals(1003, client.closeCode());
  }

  @Test
  void resumesAfterTheSocketWasCut() throws Exception {
    TestClient lost = client();
    String token = lost.hello("blue", "Ada").get("resume").asText();
    lost.socket().abort();
    TestClient client = client();
    client.say(
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ada\",\"resume\":\"%s\"}"
            .formatted(token));
    assertTrue(client.next("welcome").get("resumed").asBoolean());
    assertFalse(server.room("blue").calls.contains("leave SIGNALING_LOST"));
  }

  @Test
  void tellsClientsToComeBackWhenItStops() throws Exception {
    TestClient client = client();
    client.hello("blue", "Ada");
    server.close();
    assertEquals(1001, client.closeCode());
  }

  @Test
  void aClientThatNeverReadsHurtsNobodyElse() throws Exception {
    try (Socket deaf = new Socket("127.0.0.1", server.port())) {
      String id = deafJoin(deaf);
      TestClient client = client();
      String mine = client.hello("blue", "Ada").get("participant").asText();
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            // 12 MB: more than the kernel takes for a socket, and more than 1024 messages.
            var speakers = new RoomEvent.SpeakersChanged(Collections.nCopies(8, longest()));
            for (int i = 0; i < 20_000; i++) {
              me(id, speakers);
            }
          });
      me(mine, joined("bob"));
      assertEquals("bob", client.next("joined").get("participant").asText());
      assertEquals(1, server.counters().value(SignalingCounter.CLIENTS_TOO_SLOW));
    }
  }

  /// Joins by hand over a socket from which nothing is read after the welcome; returns the id.
  private String deafJoin(Socket deaf) throws Exception {
    deaf.setReceiveBufferSize(4096);
    deaf.getOutputStream()
        .write(
            """
            GET /ws HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Protocol: plenum.v1\r
            \r
            """
                .getBytes(StandardCharsets.US_ASCII));
    byte[] hello =
        "{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Deaf\"}"
            .getBytes(StandardCharsets.UTF_8);
    deaf.getOutputStream().write(new byte[] {(byte) 0x81, (byte) (0x80 | hello.length)});
    deaf.getOutputStream().write(new byte[4]); // a mask of zeros
    deaf.getOutputStream().write(hello);
    return readUntilWelcome(deaf.getInputStream());
  }

  private static String readUntilWelcome(InputStream in) throws Exception {
    StringBuilder text = new StringBuilder();
    while (!text.toString().contains("\"hidden\"")) {
      text.append((char) in.read());
      assertTrue(text.length() < 10_000, "no welcome came");
    }
    String field = "\"participant\":\"";
    int from = text.indexOf(field) + field.length();
    return text.substring(from, text.indexOf("\"", from));
  }

  private TestClient client() throws Exception {
    return new TestClient(http, server.webSocket());
  }

  private void me(String id, RoomEvent event) {
    FakeRoom room = server.room("blue");
    room.emit(new ParticipantId(id), event);
  }

  private static ParticipantId longest() {
    return new ParticipantId("x".repeat(64));
  }

  private static RoomEvent joined(String id) {
    return new RoomEvent.ParticipantJoined(
        new ParticipantInfo(new ParticipantId(id), "name", List.of()));
  }
}
