package org.plenum.signaling.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.metrics.Metrics;
import org.plenum.metrics.Readiness;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.session.Timers;

/// The operator's port: metrics, health, readiness.
public final class ManagementServer implements AutoCloseable {
  private final JettyServer jetty;

  private ManagementServer(JettyServer jetty) {
    this.jetty = jetty;
  }

  /// Throws IllegalStateException with one sentence if the port cannot be bound.
  public static ManagementServer start(
      ServerConfig config, Metrics metrics, Readiness readiness, Timers timers) {
    ServerConfig.Listener listener = config.management();
    // Scrapers are few: no limit by address, but none may dawdle.
    var limits = new AddressLimits(Integer.MAX_VALUE, 1);
    var guard = new ConnectionGuard(limits, _ -> AddressLimits.EXEMPT, timers, () -> {});
    Certificate certificate = listener.tls() ? Certificate.of(config.web(), timers) : null;
    JettyServer jetty = new JettyServer("management", listener, certificate, guard);
    jetty.start(
        new Pages(metrics, readiness, listener.token()),
        new ErrorPages((_, headers) -> headers.put("X-Content-Type-Options", "nosniff")));
    return new ManagementServer(jetty);
  }

  public int port() {
    return jetty.port();
  }

  @Override
  public void close() {
    jetty.close();
  }

  private static final class Pages extends Handler.Abstract {
    private final Metrics metrics;
    private final Readiness readiness;
    private final byte[] credentials;
    private final boolean asksForToken;

    Pages(Metrics metrics, Readiness readiness, String token) {
      this.metrics = metrics;
      this.readiness = readiness;
      this.asksForToken = !token.isEmpty();
      this.credentials = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (!PlainReply.isRead(request, response, callback)) {
        return true;
      }
      switch (Request.getPathInContext(request)) {
        case "/metrics" -> metrics(request, response, callback);
        case "/healthz" -> PlainReply.send(response, callback, 200, "ok");
        case "/readyz" -> readiness(response, callback);
        default ->
            PlainReply.send(
                response, callback, 404, "There are /metrics, /healthz and /readyz here.");
      }
      return true;
    }

    private void metrics(Request request, Response response, Callback callback) {
      if (!mayRead(request)) {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"plenum\"");
        PlainReply.send(
            response,
            callback,
            Problem.of(401, "Unauthorized", "This port asks for management.token.")
                .at("Authorization"));
        return;
      }
      String contentType = Metrics.contentType(request.getHeaders().get(HttpHeader.ACCEPT));
      PlainReply.send(response, callback, 200, contentType, metrics.scrape(contentType));
    }

    /// Takes as long for every wrong token.
    private boolean mayRead(Request request) {
      String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
      return !asksForToken
          || (given != null
              && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), credentials));
    }

    private void readiness(Response response, Callback callback) {
      if (readiness.isReady()) {
        PlainReply.send(response, callback, 200, "ready");
      } else {
        PlainReply.send(
            response, callback, 503, "not ready: " + String.join("; ", readiness.reasons()));
      }
    }
  }
}
