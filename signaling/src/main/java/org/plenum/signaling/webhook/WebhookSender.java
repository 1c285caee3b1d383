package org.plenum.signaling.webhook;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

/// Posts to a receiver: HTTP, or a fake of it.
@FunctionalInterface
public interface WebhookSender {
  /// Does not block. Completes with the status, or fails if no answer came.
  CompletableFuture<Integer> post(URI url, String body, String authorization);
}
