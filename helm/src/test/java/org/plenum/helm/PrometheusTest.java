package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.PlenumServer;
import org.plenum.signaling.config.ServerConfig;

/// What Prometheus makes of the real server's metrics.
class PrometheusTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static PlenumServer server;

  @BeforeAll
  static void start(@TempDir Path data) {
    server =
        PlenumServer.start(ServerConfig.forTests().with(new ServerConfig.Recordings(data, 4, 30)));
    // So that there has been one pause to show.
    System.gc();
  }

  @AfterAll
  static void stop() {
    server.close();
    HTTP.close();
  }

  @Test
  void hasNothingToSayAgainstOurNames() throws IOException, InterruptedException {
    String ours =
        scrape("text/plain")
            .lines()
            .filter(line -> line.matches("(# (HELP|TYPE) )?plenum_.*"))
            .collect(Collectors.joining("\n", "", "\n"));
    assertTrue(ours.lines().count() > 100, ours);
    Tool.Result result = Tool.run(Path.of("."), ours, "promtool", "check", "metrics");
    assertEquals("", result.output());
    assertEquals(0, result.status());
  }

  @Test
  void hasEveryMetricThatAPanelOrAnAlertNames() throws IOException, InterruptedException {
    Set<String> scraped =
        scrape("text/plain")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> missing = new TreeSet<>(Monitoring.metrics());
    assertTrue(missing.size() > 30, missing::toString);
    missing.removeAll(scraped);
    // A server that is alone and has no bucket has none of these.
    missing.removeIf(name -> name.startsWith("plenum_cluster_"));
    missing.remove("plenum_recording_bucket_failing_seconds");
    assertEquals(Set.of(), missing);
  }

  @Test
  void isScrapedAsOpenMetricsToItsEnd() throws IOException, InterruptedException {
    assertTrue(scrape("application/openmetrics-text;version=1.0.0").endsWith("# EOF\n"));
  }

  @Test
  void isScrapedByPrometheus(@TempDir Path directory) throws IOException, InterruptedException {
    int port = freePort();
    Files.copy(Monitoring.ALERTS, directory.resolve("alerts.yaml"));
    Files.writeString(
        directory.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [alerts.yaml]
        scrape_configs:
          - job_name: plenum
            static_configs: [{targets: ['127.0.0.1:%d']}]
        """
            .formatted(server.managementPort()));
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:" + port)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    try {
      assertEquals("1", await(port, "up", directory));
      assertEquals("0", await(port, "sum(plenum_egress_packets_total)", directory));
      assertEquals("0", await(port, "sum(plenum_viewer_loss_ratio_count)", directory));
      await(port, "rate(plenum_worker_busy_seconds_total[1m])", directory);
    } finally {
      prometheus.destroy();
      prometheus.waitFor();
    }
  }

  /// The value of the first sample, once there is one.
  private static String await(int port, String expression, Path directory)
      throws IOException, InterruptedException {
    String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + query);
    for (int i = 0; i < 300; i++) {
      try {
        JsonNode result = new ObjectMapper().readTree(get(uri, "*/*")).at("/data/result");
        if (!result.isEmpty()) {
          return result.at("/0/value/1").asText();
        }
      } catch (IOException e) {
        // It is still starting.
      }
      Thread.sleep(100);
    }
    return fail(expression + " has no sample; " + Files.readString(directory.resolve("log")));
  }

  private static String scrape(String accept) throws IOException, InterruptedException {
    return get(URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics"), accept);
  }

  private static String get(URI uri, String accept) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).header("Accept", accept).build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("expected 200, not " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
