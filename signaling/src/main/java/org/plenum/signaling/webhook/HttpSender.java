package org.plenum.signaling.webhook;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Posts over HTTP; follows no redirect.
public final class HttpSender implements WebhookSender, AutoCloseable {
  /// A receiver that takes longer counts as dead.
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private @Nullable HttpClient http;

  @Override
  public CompletableFuture<Integer> post(URI url, String body, String authorization) {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/webhook+json")
            .header("Authorization", authorization)
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      return client()
          .sendAsync(request, BodyHandlers.discarding())
          .thenApply(HttpResponse::statusCode);
    } catch (UncheckedIOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public synchronized void close() {
    if (http != null) {
      http.shutdownNow();
    }
  }

  /// Made for the first event: it loads the whole of TLS, half a second of a cold JVM, which a
  /// server without receivers need not spend.
  private synchronized HttpClient client() {
    if (http == null) {
      http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    }
    return http;
  }
}
