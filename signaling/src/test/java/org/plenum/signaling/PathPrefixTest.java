package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.config.AddressRange;
import org.plenum.signaling.config.ServerConfig;

/// A server that a proxy shows below a path of its own.
@Timeout(60)
class PathPrefixTest {
  private static final AddressRange HERE = new AddressRange(InetAddress.getLoopbackAddress(), 32);

  private static final String FORWARDED = "X-Forwarded-Prefix";

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    http.shutdownNow();
  }

  @Test
  void takesThePrefixOffAndServesWithoutItToo() throws Exception {
    try (var server = server("/meet", List.of())) {
      for (String path : List.of("/meet/", "/", "/meet/app.js", "/app.js", "/meet/r/blue")) {
        assertEquals(200, get(server, path).statusCode(), path);
      }
      assertEquals(404, get(server, "/meeting/app.js").statusCode());
      assertEquals(404, get(server, "/meet/meet/app.js").statusCode());
      var bare = get(server, "/meet?room=a");
      assertEquals(307, bare.statusCode());
      assertEquals("/meet/?room=a", location(bare));
      TestClient client = new TestClient(http, server.webSocket().replace("/ws", "/meet/ws"));
      assertEquals("blue", client.hello("blue", "Ada").get("room").asText());
      client.socket().abort();
    }
  }

  @Test
  void putsThePrefixBeforeEachLocation() throws Exception {
    try (var server = server("/meet/very-deep", List.of())) {
      var made = send(server, "/meet/very-deep/api/v1/rooms/blue", "PUT", "application/json", "{}");
      assertEquals("/meet/very-deep/api/v1/rooms/blue", location(made));
    }
    try (var server = server("/meet", List.of())) {
      // Taken off by the proxy already.
      var made = send(server, "/api/v1/rooms/blue", "PUT", "application/json", "{}");
      assertEquals("/meet/api/v1/rooms/blue", location(made));
    }
  }

  @Test
  void believesATrustedProxy() throws Exception {
    try (var server = server("", List.of(HERE))) {
      var made =
          send(server, "/api/v1/rooms/blue", "PUT", "application/json", "{}", FORWARDED, "/meet/");
      assertEquals("/meet/api/v1/rooms/blue", location(made));
      assertEquals(200, get(server, "/app.js", FORWARDED, "/meet").statusCode());
      assertEquals(200, get(server, "/meet/app.js", FORWARDED, "/meet").statusCode());
      assertEquals("/meet/", location(get(server, "/meet", FORWARDED, "/meet")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"//evil.example", "/a/../b", "https://evil.example", "/a b", "/%2e%2e", "x"})
  void ignoresWhatIsNoPrefix(String prefix) throws Exception {
    try (var server = server("", List.of(HERE))) {
      var made =
          send(server, "/api/v1/rooms/blue", "PUT", "application/json", "{}", FORWARDED, prefix);
      assertEquals("/api/v1/rooms/blue", location(made));
    }
  }

  @Test
  void ignoresAStranger() throws Exception {
    try (var server = server("", List.of())) {
      var made =
          send(server, "/api/v1/rooms/blue", "PUT", "application/json", "{}", FORWARDED, "/meet");
      assertEquals("/api/v1/rooms/blue", location(made));
      assertEquals(404, get(server, "/meet/app.js", FORWARDED, "/meet").statusCode());
    }
  }

  @Test
  void thePageNamesItsFilesBesideItselfOrALevelAbove() throws Exception {
    try (var server = server("", List.of())) {
      String page = get(server, "/").body();
      assertTrue(page.contains("src=\"./app.js\""), page);
      assertFalse(page.matches("(?s).*(href|src)=\"/.*"), page);
      String room = get(server, "/r/blue").body();
      assertTrue(room.contains("src=\"../app.js\""), room);
      assertFalse(room.contains("=\"./"), room);
      String recordings = get(server, "/recordings.html").body();
      assertFalse(recordings.matches("(?s).*(href|src)=\"/.*"), recordings);
    }
  }

  private static TestServer server(String prefix, List<AddressRange> proxies) {
    var web = new ServerConfig.Web(proxies, List.of(), prefix, null, null, false);
    return new TestServer(true, ServerConfig.forTests().with(web));
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElse(response.body());
  }

  private HttpResponse<String> get(TestServer server, String path, String... headers)
      throws Exception {
    return send(server, path, "GET", "text/plain", "", headers);
  }

  private HttpResponse<String> send(
      TestServer server, String path, String method, String type, String body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.http(path)))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", type);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
