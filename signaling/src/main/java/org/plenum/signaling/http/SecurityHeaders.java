package org.plenum.signaling.http;

import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.config.ServerConfig;

/// Puts the headers on every response that keep a browser from doing what the page never needs.
final class SecurityHeaders extends Handler.Wrapper {
  /// A year; only with a certificate that browsers trust, or the next visit would fail.
  private static final String STRICT_TRANSPORT = "max-age=31536000";

  private final String contentPolicy;
  private final boolean strictTransport;

  /// @param nodes whether the page may go on at the allowed origins: other nodes are among them
  SecurityHeaders(ServerConfig.Web web, boolean nodes, Handler next) {
    super(next);
    this.contentPolicy = contentPolicy(web, nodes);
    this.strictTransport = web.certificate() != null;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    putInto(request, response.getHeaders());
    return super.handle(request, response, callback);
  }

  /// Also for what is answered without a handler.
  void putInto(Request request, HttpFields.Mutable headers) {
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Content-Security-Policy", contentPolicy);
    headers.put(
        "Permissions-Policy",
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(),"
            + " usb=()");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    // Where it comes without TLS it means nothing (RFC 6797 §7.2).
    if (strictTransport && request.isSecure()) {
      headers.put("Strict-Transport-Security", STRICT_TRANSPORT);
    }
  }

  /// The page has no inline script or style, loads nothing from elsewhere, and may be framed by
  /// those who may use the WebSocket and whoever is named beside them. WebAssembly is what finds
  /// the person before a background. `'self'` takes in WebSockets of its own host and port (CSP 3
  /// §6.7.2.8; Safari from 15.4).
  private static String contentPolicy(ServerConfig.Web web, boolean nodes) {
    List<String> origins =
        Stream.concat(web.allowedOrigins().stream(), web.frameAncestors().stream())
            .distinct()
            .toList();
    String ancestors = origins.isEmpty() ? "" : " " + String.join(" ", origins);
    String others =
        nodes ? ancestors + ancestors.replaceAll("http(s?:)", "ws$1").replace(" *", "") : "";
    return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"
        + " img-src 'self';"
        + " media-src 'self' blob: mediastream:; connect-src 'self'"
        + others
        + "; manifest-src 'self';"
        + " base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
        + ancestors;
  }
}
