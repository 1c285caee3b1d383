package org.plenum.signaling.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.metrics.Metrics;
import org.plenum.metrics.Readiness;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.limit.AddressLimits;
import org.plenum.signaling.session.Timers;

/// The operator's port: metrics, health, readiness.
public final class ManagementServer implements AutoCloseable {
  private final JettyServer jetty;

  private ManagementServer(JettyServer jetty) {
    this.jetty = jetty;
  }

  /// Throws IllegalStateException with one sentence if the port cannot be bound.
  public static ManagementServer start(
      ServerConfig.Listener listener, Metrics metrics, Readiness readiness, Timers timers) {
    // Scrapers are few: no limit by address, but none may dawdle.
    var limits = new AddressLimits(Integer.MAX_VALUE, 1);
    var guard = new ConnectionGuard(limits, _ -> AddressLimits.EXEMPT, timers, () -> {});
    JettyServer jetty = new JettyServer("management", listener, guard);
    jetty.start(
        new Pages(metrics, readiness),
        new ErrorPages(headers -> headers.put("X-Content-Type-Options", "nosniff")));
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

    Pages(Metrics metrics, Readiness readiness) {
      this.metrics = metrics;
      this.readiness = readiness;
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
      String contentType = Metrics.contentType(request.getHeaders().get(HttpHeader.ACCEPT));
      PlainReply.send(response, callback, 200, contentType, metrics.scrape(contentType));
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
