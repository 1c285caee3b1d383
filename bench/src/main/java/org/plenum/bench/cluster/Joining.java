package org.plenum.bench.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// A client that joins a room, and no more.
final class Joining implements AutoCloseable, WebSocket.Listener {
  private static final int PATIENCE_SECONDS = 20;

  private final CompletableFuture<String> first = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;
  private final String room;

  Joining(HttpClient http, String origin, String room) {
    this.room = room;
    socket =
        http.newWebSocketBuilder()
            .subprotocols("plenum.v1")
            .buildAsync(URI.create(origin.replaceFirst("http", "ws") + "/ws"), this)
            .join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      first.complete(text.toString());
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  /// Returns the milliseconds from `hello` to `welcome`.
  double join() throws Exception {
    long begun = System.nanoTime();
    socket
        .sendText(
            "{\"type\":\"hello\",\"version\":1,\"features\":[],\"room\":\""
                + room
                + "\",\"name\":\"Joe\"}",
            true)
        .join();
    String answer = first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!answer.contains("\"welcome\"")) {
      throw new IOException(answer);
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  @Override
  public void close() {
    socket.sendText("{\"type\":\"leave\"}", true).join();
    socket.abort();
  }
}
