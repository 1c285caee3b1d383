package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A WebSocket client that keeps what it hears.
final class TestClient implements WebSocket.Listener {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final long PATIENCE_SECONDS = 20;

  /// Stands for the end of what is received.
  private static final String END = "";

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;

  TestClient(HttpClient http, String url) throws Exception {
    socket =
        http.newWebSocketBuilder()
            .subprotocols("plenum.v1")
            .buildAsync(URI.create(url), this)
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  WebSocket socket() {
    return socket;
  }

  TestClient say(String json) throws Exception {
    socket.sendText(json, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return this;
  }

  JsonNode hello(String room, String name) throws Exception {
    say("{\"type\":\"hello\",\"version\":1,\"room\":\"%s\",\"name\":\"%s\"}".formatted(room, name));
    return next("welcome");
  }

  /// The next message, whatever it is.
  JsonNode any() throws Exception {
    String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(text, "nothing came");
    assertNotEquals(END, text, "the socket was closed");
    return MAPPER.readTree(text);
  }

  /// The next message of a type that is as wanted; what comes before it is not looked at.
  JsonNode await(String type, Predicate<JsonNode> wanted) throws Exception {
    while (true) {
      JsonNode message = any();
      if (message.get("type").asText().equals(type) && wanted.test(message)) {
        return message;
      }
    }
  }

  /// The next message of one of these types; what comes before it is not looked at.
  JsonNode nextOf(List<String> types) throws Exception {
    JsonNode message = any();
    while (!types.contains(message.get("type").asText())) {
      message = any();
    }
    return message;
  }

  JsonNode next(String type) throws Exception {
    String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(text, "no " + type + " came");
    assertNotEquals(END, text, "the socket was closed, and no " + type + " came");
    JsonNode message = MAPPER.readTree(text);
    assertEquals(type, message.get("type").asText(), text);
    return message;
  }

  int closeCode() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      received.add(partial.toString());
      partial.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    received.add(END);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
    received.add(END);
  }
}
