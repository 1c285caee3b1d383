package org.plenum.signaling.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Receivers of webhooks.
final class WebhookUrls {
  private WebhookUrls() {}

  /// Null if the text is not one.
  static @Nullable URI parse(String text) {
    try {
      URI url = URI.create(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null ? url : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
