package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's nginx as the CDN before the origin, as docs/network.md has it: however many watch, the
/// origin is asked for each thing once.
class CdnTest {
  private static final Path NGINX = Path.of("/usr/sbin/nginx");
  private static final int VIEWERS = 200;

  /// Six seconds of the broadcast.
  private static final int PARTS = 15;

  private static final long BOUND_NANOS = 120_000_000_000L;

  private static final Pattern PART = Pattern.compile("#EXT-X-PART:.*URI=\"(.*?)\".*");

  private static final String CONFIGURATION =
      """
      daemon off;
      user root;
      pid {dir}/pid;
      error_log {dir}/error.log;
      events { worker_connections 4096; }
      http {
        client_body_temp_path {dir}/body;
        proxy_temp_path {dir}/proxy;
        fastcgi_temp_path {dir}/fastcgi;
        uwsgi_temp_path {dir}/uwsgi;
        scgi_temp_path {dir}/scgi;
        log_format cache '$upstream_cache_status $status $request_uri';
        access_log {dir}/access.log cache;
        {cache}
        upstream plenum { server 127.0.0.1:{origin}; keepalive 32; }
        server {
          listen 127.0.0.1:{port};
          {location}
        }
      }
      """;

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer origin;
  private Process nginx;
  private int port;
  private String playlist;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Files.isExecutable(NGINX), "this test needs Debian's nginx (./test installs it)");
    origin = new TestServer(true);
    port = freePort();
    Path docs = Path.of("..", "docs", "network.md");
    String page = Files.readString(docs);
    Path file =
        Files.writeString(
            directory.resolve("nginx.conf"),
            CONFIGURATION
                .replace("{cache}", directive(page, "proxy_cache_path"))
                .replace("{location}", location(page))
                .replace("/var/cache/nginx/live", directory.resolve("cache").toString())
                .replace("{dir}", directory.toString())
                .replace("{port}", String.valueOf(port))
                .replace("{origin}", String.valueOf(origin.port())));
    nginx =
        new ProcessBuilder(
                List.of(
                    NGINX.toString(),
                    "-p",
                    directory.toString(),
                    "-e",
                    directory.resolve("error.log").toString(),
                    "-c",
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.log").toFile())
            .start();
    awaitPort();
    ApiClient admin = new ApiClient(http, origin.http(""), "");
    admin.call(201, "PUT", "/rooms/blue", "{}");
    String id = admin.call(201, "POST", "/rooms/blue/broadcast", "{}").get("broadcast").asText();
    playlist = "/live/blue/" + id + "/v0/index.m3u8";
    long until = System.nanoTime() + BOUND_NANOS;
    while (get("/live/blue/index.m3u8").statusCode() != 200) {
      assertTrue(System.nanoTime() - until < 0, "there is no slate");
      Thread.sleep(100);
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (nginx != null) {
      nginx.destroy();
      nginx.waitFor(10, TimeUnit.SECONDS);
    }
    if (origin != null) {
      origin.close();
    }
    http.shutdownNow();
  }

  @Test
  void twoHundredViewersCostTheOriginWhatOneCosts() throws Exception {
    long begin = asked();
    watch();
    long one = asked() - begin;
    Files.writeString(directory.resolve("access.log"), "");

    long before = asked();
    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> watching = new ArrayList<>();
      for (int i = 0; i < VIEWERS; i++) {
        watching.add(viewers.submit(this::watch));
      }
      for (Future<?> each : watching) {
        each.get(BOUND_NANOS, TimeUnit.NANOSECONDS);
      }
    }
    long many = asked() - before;
    List<String> log = Files.readAllLines(directory.resolve("access.log"));
    long hits =
        log.stream().filter(line -> line.matches("(HIT|STALE|UPDATING|REVALIDATED) .*")).count();
    double share = (double) hits / log.size();
    System.out.printf(
        "one viewer: %d requests at the origin; %d: %d of %d, %.2f %% hits%n",
        one, VIEWERS, many, log.size(), 100 * share);
    assertTrue(log.size() >= VIEWERS * 2 * PARTS, log.size() + " requests");
    assertTrue(share >= 0.99, "hits: " + share);
    // They begin and end one after another, so they watch a little more together than one does.
    assertTrue(many <= 2 * one + 10, many + " requests for many, " + one + " for one");
  }

  /// As a player of low latency does: reloads that wait, and each part once.
  private Void watch() throws Exception {
    Set<String> parts = new HashSet<>();
    String text = ok(get(playlist));
    Matcher listed = PART.matcher(text);
    while (listed.find()) {
      parts.add(listed.group(1));
    }
    int seen = 0;
    while (seen < PARTS) {
      String[] hint =
          text.replaceAll("(?s).*-HINT:TYPE=PART,URI=\"(.*?).m4s\".*", "$1").split("\\.");
      text = ok(get(playlist + "?_HLS_msn=" + hint[0] + "&_HLS_part=" + hint[1]));
      Matcher more = PART.matcher(text);
      while (more.find()) {
        if (parts.add(more.group(1))) {
          ok(get(playlist.replace("index.m3u8", more.group(1))));
          seen++;
        }
      }
    }
    return null;
  }

  private static String ok(HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.uri() + ": " + response.body());
    return response.body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + port + path);
    return http.send(
        HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(60)).build(),
        BodyHandlers.ofString());
  }

  /// How many requests the origin has answered.
  private long asked() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(origin.management("/metrics"))).build();
    return http.send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("plenum_live_requests_total"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  /// A directive of the page's example.
  private static String directive(String page, String name) {
    return page.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .orElseThrow();
  }

  /// The location of the page's example.
  private static String location(String page) {
    int begin = page.indexOf("location /live/ {");
    return page.substring(begin, page.indexOf('}', begin) + 1);
  }

  private void awaitPort() throws Exception {
    long until = System.nanoTime() + BOUND_NANOS;
    while (System.nanoTime() - until < 0 && nginx.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    fail("nginx does not listen: " + Files.readString(directory.resolve("output.log")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
