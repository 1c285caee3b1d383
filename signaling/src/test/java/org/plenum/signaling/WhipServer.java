package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.WhipRow.row;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.TurnPasswords;

/// A server with the real SFU on free ports, and a client that sends rows of a table.
final class WhipServer implements AutoCloseable {
  private final PlenumServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  WhipServer() {
    ServerConfig free = ServerConfig.forTests();
    List<IceServer> iceServers =
        List.of(
            new IceServer(List.of("stun:stun.example.net"), null, null),
            new IceServer(List.of("turn:a.example.net", "turns:a.example.net"), "me", "a\"b"));
    server =
        PlenumServer.start(
            new ServerConfig(
                free.http(),
                free.management(),
                free.media().with(new TurnPasswords("a-secret", Duration.ofHours(1))),
                iceServers));
  }

  /// Makes a room by the API.
  void make(String room, String wish) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.httpPort() + "/api/v1/rooms/" + room);
    var request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(wish))
            .build();
    assertEquals(201, http.send(request, BodyHandlers.ofString()).statusCode());
  }

  @Override
  public void close() {
    http.close();
    server.close();
  }

  void verify(WhipRow row, HttpResponse<String> response) {
    assertEquals(row.status(), response.statusCode(), response.body());
    for (String expected : row.expected()) {
      if (expected.startsWith(">")) {
        assertTrue(
            response.body().contains(expected.substring(1)), expected + " in " + response.body());
      } else {
        verifyHeader(expected, response);
      }
    }
    assertEquals("*", response.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    if (row.status() >= 400 && !row.request().startsWith("HEAD")) {
      assertEquals(
          "application/problem+json", response.headers().firstValue("Content-Type").orElse(""));
      assertTrue(response.body().contains("\"status\":" + row.status()), response.body());
    }
  }

  private static void verifyHeader(String expected, HttpResponse<String> response) {
    int colon = expected.indexOf(':');
    List<String> values = response.headers().allValues(expected.substring(0, colon));
    if (colon == expected.length() - 1) {
      assertEquals(List.of(), values, expected);
    } else {
      String pattern = expected.substring(colon + 2);
      assertTrue(values.stream().anyMatch(v -> v.matches(pattern)), expected + ", not " + values);
    }
  }

  /// @param made the answer that made the session which the row is about
  HttpResponse<String> send(WhipRow row, HttpResponse<String> made) throws Exception {
    String[] request = row.request().split(" ");
    String id = made == null ? "" : location(made).replaceAll(".*/", "");
    URI uri =
        URI.create("http://127.0.0.1:" + server.httpPort() + request[1].replace("{session}", id));
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
    for (String header : row.headers()) {
      int colon = header.indexOf(": ");
      String value = header.substring(colon + 2);
      builder.header(
          header.substring(0, colon),
          made == null
              ? value
              : value.replace("{etag}", tag(made)).replace("{bare}", tag(made).replace("\"", "")));
    }
    builder.method(
        request[0],
        row.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(row.body()));
    return http.send(builder.build(), BodyHandlers.ofString());
  }

  static String location(HttpResponse<?> response) {
    return response.headers().firstValue("Location").orElseThrow();
  }

  static String tag(HttpResponse<?> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  String metrics() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics");
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
