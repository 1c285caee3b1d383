package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.session.CloseCode;

/// From the order to stop until nobody is here any more.
class DrainServerTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final long PATIENCE_SECONDS = 20;

  private final TestServer server = new TestServer(true);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
    // Its WebSockets that are still open would keep it waiting.
    http.shutdownNow();
    http.close();
  }

  @Test
  void doesNotWaitForNobody() throws Exception {
    drain(LONG).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertEquals("not ready: the server is stopping", readiness());
  }

  @Test
  void doesNotWaitIfItMayNot() throws Exception {
    new TestClient(http, server.webSocket()).hello("blue", "Ada");
    drain(Duration.ZERO).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void isNotReadyAndWaitsUntilTheLastHasLeft() throws Exception {
    TestClient ada = new TestClient(http, server.webSocket());
    ada.hello("blue", "Ada");
    CompletableFuture<Void> drained = drain(LONG);
    assertTrue(ada.next("stopping").get("seconds").asLong() > 0);
    assertEquals("not ready: the server is stopping", readiness());
    assertTrue(get("/metrics").contains("plenum_draining 1.0"));
    assertFalse(drained.isDone());
    ada.say("{\"type\":\"leave\"}");
    drained.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void tellsThoseWhoAreLeftToComeBack() throws Exception {
    TestClient ada = new TestClient(http, server.webSocket());
    ada.hello("blue", "Ada");
    drain(Duration.ofMillis(1)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    ada.next("stopping");
    server.close();
    assertEquals(CloseCode.GOING_AWAY.code(), ada.closeCode());
  }

  private CompletableFuture<Void> drain(Duration grace) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            server.drain(grace);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }

  private String readiness() throws Exception {
    return get("/readyz").strip();
  }

  private String get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.management(path))).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }
}
