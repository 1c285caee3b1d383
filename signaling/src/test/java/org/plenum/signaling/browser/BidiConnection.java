package org.plenum.signaling.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends commands of WebDriver BiDi (W3C) one at a time, and tells of events.
final class BidiConnection implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final Map<String, Consumer<JsonNode>> handlers = new ConcurrentHashMap<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private int lastId;

  BidiConnection(URI address) {
    socket = await(client.newWebSocketBuilder().buildAsync(address, new Replies()));
  }

  /// Returns the result; fails with the browser's words if it refuses.
  JsonNode send(String method, ObjectNode parameters) {
    int id = ++lastId;
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    pending.put(id, reply);
    ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
    command.set("params", parameters);
    await(socket.sendText(command.toString(), true));
    JsonNode answer = await(reply);
    if (!answer.path("type").asText().equals("success")) {
      throw new AssertionError(method + " was refused: " + answer);
    }
    return answer.get("result");
  }

  /// @param handler of its parameters, on another thread, before the reply to any later command
  void onEvent(String method, Consumer<JsonNode> handler) {
    handlers.put(method, handler);
  }

  static ObjectNode parameters() {
    return JSON.createObjectNode();
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(Eventually.BOUND.toSeconds(), TimeUnit.SECONDS).join();
  }

  private void onMessage(String text) {
    try {
      JsonNode message = JSON.readTree(text);
      Consumer<JsonNode> handler = handlers.get(message.path("method").asText());
      if (handler != null) {
        handler.accept(message.path("params"));
      }
      CompletableFuture<JsonNode> reply = pending.remove(message.path("id").asInt());
      if (reply != null) {
        reply.complete(message);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }

  /// Puts the parts of messages together.
  private final class Replies implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        String whole = message.toString();
        message.setLength(0);
        onMessage(whole);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      pending.values().forEach(reply -> reply.completeExceptionally(error));
    }
  }
}
