package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.SignalingCounter;

/// Who may read what at the operator's port.
class ManagementPortTest {
  @Test
  void metricsAskForTheTokenOverTlsAndTheProbesForNothing() throws Exception {
    ServerConfig free = ServerConfig.forTests();
    var management = new ServerConfig.Listener("127.0.0.1", 0, "secret", true);
    ServerConfig config =
        new ServerConfig(free.http(), management, free.media(), free.iceServers())
            .with(new ServerConfig.Web(List.of(), List.of(), null, null, true));
    HttpClient http = TlsTest.client();
    try (TestServer server = new TestServer(true, config)) {
      String base = server.management("").replace("http:", "https:");
      assertEquals(200, get(http, base + "/healthz", null).statusCode());
      assertEquals(200, get(http, base + "/readyz", null).statusCode());
      for (String wrong : new String[] {null, "Bearer Secret", "Basic secret", "Bearer secret "}) {
        HttpResponse<String> refused = get(http, base + "/metrics", wrong);
        assertEquals(wrong != null && wrong.endsWith(" ") ? 200 : 401, refused.statusCode(), wrong);
      }
      assertEquals(
          "Bearer realm=\"plenum\"",
          get(http, base + "/metrics", null).headers().firstValue("WWW-Authenticate").orElse(""));
      assertTrue(get(http, base + "/metrics", "Bearer secret").body().contains("plenum_"));
    } finally {
      http.shutdownNow();
    }
  }

  @Test
  void allRefusalsAreOneMetric() throws Exception {
    try (TestServer server = new TestServer(true);
        HttpClient http = HttpClient.newHttpClient()) {
      String metrics = get(http, server.management("/metrics"), null).body();
      for (SignalingCounter counter : SignalingCounter.values()) {
        String series =
            counter.refusal() == null
                ? "plenum_signaling_" + counter.metric().replace('.', '_') + "_total"
                : "plenum_refused_total{reason=\"" + counter.refusal() + "\"}";
        assertTrue(metrics.contains("\n" + series + " "), series + " in\n" + metrics);
      }
      assertTrue(metrics.contains("\nplenum_heap_full 0.0"), metrics);
    }
  }

  private static HttpResponse<String> get(HttpClient http, String url, String authorization)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
