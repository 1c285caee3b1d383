package org.plenum.bench.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientPlan;
import org.plenum.bench.client.RelayUser;

/// The protocol `plenum.v1` of PROTOCOL.md: the socket stays open as long as the client stays.
public final class WebSocketSignaling implements ClientSignaling {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PATIENCE_SECONDS = 30;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;

  /// @param url of the server's page, http or https
  public WebSocketSignaling(URI url) {
    this.server = URI.create(url.toString().replaceFirst("^http", "ws")).resolve("/ws");
  }

  @Override
  public Session join(ClientPlan plan, String offer) throws IOException, InterruptedException {
    var listener = new Listener();
    WebSocket socket =
        await(http.newWebSocketBuilder().subprotocols("plenum.v1").buildAsync(server, listener));
    await(socket.sendText(hello(plan), true));
    await(socket.sendText(offer(plan, offer), true));
    return new Joined(socket, await(listener.answer), listener.relay);
  }

  private static String hello(ClientPlan plan) {
    ObjectNode hello = JSON.createObjectNode().put("type", "hello").put("version", 1);
    return hello.put("room", plan.room()).put("name", plan.name()).toString();
  }

  private static String offer(ClientPlan plan, String sdp) {
    ObjectNode offer = JSON.createObjectNode().put("type", "offer").put("id", 1).put("sdp", sdp);
    ArrayNode tracks = offer.putArray("tracks");
    if (sdp.contains("a=mid:0\r\n")) {
      tracks.addObject().put("mid", "0").put("source", "microphone");
    }
    if (sdp.contains("a=mid:1\r\n")) {
      tracks.addObject().put("mid", "1").put("source", "camera");
    }
    ArrayNode seats = offer.putArray("seats");
    for (int i = 0; i < plan.seats(); i++) {
      ObjectNode seat = seats.addObject().put("seat", i);
      if (sdp.contains("a=mid:a" + i + "\r\n")) {
        seat.put("audio", "a" + i);
      }
      if (sdp.contains("a=mid:v" + i + "\r\n")) {
        seat.put("video", "v" + i);
      }
    }
    return offer.toString();
  }

  private static <T> T await(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + PATIENCE_SECONDS + " s", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private record Joined(WebSocket socket, String answer, @Nullable RelayUser relay)
      implements Session {
    @Override
    public void leave() {
      try {
        socket.sendText("{\"type\":\"leave\"}", true).get(1, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        socket.abort();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        socket.abort();
      }
    }
  }

  /// Waits for the answer; what comes afterwards is read and dropped.
  private static final class Listener implements WebSocket.Listener {
    final CompletableFuture<String> answer = new CompletableFuture<>();
    volatile @Nullable RelayUser relay;
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      if (!answer.isDone()) {
        partial.append(data);
        if (last) {
          read(partial.toString());
          partial.setLength(0);
        }
      }
      from.request(1);
      return null;
    }

    private void read(String text) {
      try {
        JsonNode message = JSON.readTree(text);
        String type = message.path("type").asText();
        if (type.equals("answer")) {
          answer.complete(message.path("sdp").asText());
        } else if (type.equals("welcome")) {
          relay = relay(message.path("iceServers"));
        } else if (type.equals("error")) {
          answer.completeExceptionally(new RefusedByServerException(text));
        }
      } catch (IOException e) {
        answer.completeExceptionally(e);
      }
    }

    private static @Nullable RelayUser relay(JsonNode servers) {
      for (JsonNode server : servers) {
        if (server.has("credential")) {
          return new RelayUser(
              server.path("username").asText(), server.path("credential").asText());
        }
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      answer.completeExceptionally(
          new RefusedByServerException("closed with " + code + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      answer.completeExceptionally(error);
    }
  }
}
