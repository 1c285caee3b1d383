package org.plenum.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A client's end of a socket: reads at once, or not at all.
final class FakeSocket implements ClientSocket {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final long PATIENCE_SECONDS = 10;

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final Semaphore readable = new Semaphore(Integer.MAX_VALUE);

  void stopReading() {
    readable.drainPermits();
  }

  /// Waits until a message is on its way to the client that does not read.
  void awaitStuckWriter() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!readable.hasQueuedThreads()) {
      assertTrue(System.nanoTime() - deadline < 0, "nothing was on its way");
      Thread.yield();
    }
  }

  void readOn() {
    readable.release(Integer.MAX_VALUE);
  }

  @Override
  public void send(String text) throws IOException {
    try {
      readable.acquire();
      received.add(text);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close(int code, String reason) {
    closed.complete(code);
  }

  /// The next message, which must be of this type.
  JsonNode next(String type) throws Exception {
    String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(text, "no " + type + " came");
    JsonNode message = MAPPER.readTree(text);
    assertEquals(type, message.get("type").asText(), text);
    return message;
  }

  /// The next message of a type that is as wanted; what comes before it is not looked at.
  JsonNode await(String type, Predicate<JsonNode> wanted) throws Exception {
    while (true) {
      String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertNotNull(text, "no " + type + " came as it was wanted");
      JsonNode message = MAPPER.readTree(text);
      if (message.get("type").asText().equals(type) && wanted.test(message)) {
        return message;
      }
    }
  }

  int closeCode() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void assertNothingMore() {
    assertTrue(received.isEmpty(), received.toString());
  }
}
