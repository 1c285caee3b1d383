package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.config.ServerConfig;

class PlenumServerTest {
  private static TestServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    server = new TestServer(true);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/r/blue.room-1, text/html",
    "/index.html, text/html",
    "/plenum-client.js, text/javascript",
    "/client/seats.js, text/javascript",
    "/style.css, text/css",
    "/favicon.ico, image/png",
    "/icon.svg, image/svg+xml",
  })
  void servesThePage(String path, String contentType) throws Exception {
    var response = get(server.http(path));
    assertEquals(200, response.statusCode());
    assertTrue(header(response, "Content-Type").startsWith(contentType));
    assertEquals("nosniff", header(response, "X-Content-Type-Options"));
    assertEquals("no-cache", header(response, "Cache-Control"));
    assertTrue(header(response, "Content-Security-Policy").startsWith("default-src 'none'"));
    assertTrue(header(response, "Content-Security-Policy").contains("; connect-src 'self';"));
    assertTrue(header(response, "Permissions-Policy").contains("camera=(self)"));
    assertEquals("no-referrer", header(response, "Referrer-Policy"));
    assertFalse(response.body().isBlank());
    var again =
        http.send(
            HttpRequest.newBuilder(URI.create(server.http(path)))
                .header("If-None-Match", header(response, "ETag"))
                .build(),
            BodyHandlers.ofString());
    assertEquals(304, again.statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing.js",
        "/nothing",
        "/client",
        "/client/",
        "/r/",
        "/r/a%20b",
        "/../reference.conf",
        "/%2e%2e/reference.conf",
        "/..%2freference.conf",
        "/client/%2e%2e/%2e%2e/logback.xml",
        "//etc/passwd.txt",
        "/.hidden.js",
        "/org/plenum/signaling/Main.class",
      })
  void servesNothingElse(String path) throws Exception {
    var response = get(server.http(path));
    assertTrue(response.statusCode() == 404 || response.statusCode() == 400, response.body());
  }

  /// What browsers load is sent in gzip, and is the same.
  @Test
  void zipsWhatBecomesSmaller() throws Exception {
    var plain = get(server.http("/plenum-client.js"));
    assertTrue(plain.headers().firstValue("Content-Encoding").isEmpty());
    assertEquals("Accept-Encoding", header(plain, "Vary"));
    var request =
        HttpRequest.newBuilder(URI.create(server.http("/plenum-client.js")))
            .header("Accept-Encoding", "gzip, br")
            .build();
    var zipped = http.send(request, BodyHandlers.ofByteArray());
    assertEquals("gzip", zipped.headers().firstValue("Content-Encoding").orElseThrow());
    assertTrue(zipped.body().length < plain.body().length() / 2);
    try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertEquals(plain.body(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void refusesOtherMethods() throws Exception {
    for (String url : new String[] {server.http("/"), server.management("/metrics")}) {
      var post =
          HttpRequest.newBuilder(URI.create(url))
              .POST(HttpRequest.BodyPublishers.ofString("x"))
              .build();
      var response = http.send(post, BodyHandlers.ofString());
      assertEquals(405, response.statusCode());
      assertEquals("GET, HEAD", header(response, "Allow"));
    }
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    var head = HttpRequest.newBuilder(URI.create(server.http("/"))).HEAD().build();
    var response = http.send(head, BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    assertEquals("", response.body());
  }

  @Test
  void saysThatWsIsForWebSockets() throws Exception {
    assertEquals(426, get(server.http("/ws")).statusCode());
  }

  @Test
  void tellsWhoLooksForItThatItIsThere() throws Exception {
    var head = HttpRequest.newBuilder(URI.create(server.http("/ws"))).HEAD().build();
    assertEquals(204, http.send(head, BodyHandlers.discarding()).statusCode());
  }

  @Test
  void refusesAnotherSubprotocol() {
    for (String subprotocol : new String[] {"plenum.v2", "chat"}) {
      var refusal =
          assertThrows(
              CompletionException.class,
              () ->
                  http.newWebSocketBuilder()
                      .subprotocols(subprotocol)
                      .buildAsync(
                          URI.create(server.webSocket()), new java.net.http.WebSocket.Listener() {})
                      .join());
      var handshake = assertInstanceOf(WebSocketHandshakeException.class, refusal.getCause());
      assertEquals(400, handshake.getResponse().statusCode());
    }
  }

  @Test
  void showsMetricsHealthAndReadiness() throws Exception {
    var metrics = get(server.management("/metrics"));
    assertEquals(200, metrics.statusCode());
    assertTrue(header(metrics, "Content-Type").startsWith("text/plain; version=0.0.4"));
    assertTrue(metrics.body().contains("plenum_signaling_sockets_opened_total"));
    assertTrue(metrics.body().contains("jvm_memory_used_bytes"));
    assertEquals("ok\n", get(server.management("/healthz")).body());
    assertEquals("ready\n", get(server.management("/readyz")).body());
    assertEquals(404, get(server.management("/")).statusCode());
  }

  @Test
  void showsOpenMetricsToWhoAsksForIt() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.management("/metrics")))
            .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
            .build();
    var response = http.send(request, BodyHandlers.ofString());
    assertTrue(header(response, "Content-Type").startsWith("application/openmetrics-text"));
    assertTrue(response.body().endsWith("# EOF\n"));
  }

  @Test
  void isNotReadyBeforeAllConditionsAreMet() throws Exception {
    try (TestServer starting = new TestServer(false)) {
      var response = get(starting.management("/readyz"));
      assertEquals(503, response.statusCode());
      assertTrue(response.body().contains("the media ports are not bound"), response.body());
      assertFalse(response.body().contains("HTTP"), response.body());
      assertEquals(200, get(starting.management("/healthz")).statusCode());
    }
  }

  @Test
  void saysInOneSentenceThatAPortIsInUse() {
    ServerConfig free = ServerConfig.forTests();
    ServerConfig taken =
        new ServerConfig(
            new ServerConfig.Listener("127.0.0.1", server.port()),
            free.management(),
            free.media(),
            free.iceServers());
    var failure =
        assertThrows(
            IllegalStateException.class,
            () -> PlenumServer.start(taken, _ -> (_, _, _) -> null, () -> null));
    assertEquals(
        "TCP port 127.0.0.1:" + server.port() + " is in use or not allowed", failure.getMessage());
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
