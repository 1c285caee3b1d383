package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// Calls the admin API, and holds each answer against its document.
final class ApiClient {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient http;
  private final String base;
  private final String token;

  /// @param token null for none
  ApiClient(HttpClient http, String base, String token) {
    this.http = http;
    this.base = base;
    this.token = token;
  }

  /// The answer's body; fails on another status.
  JsonNode call(int status, String method, String path, String body) throws Exception {
    HttpResponse<String> response = send(method, path, body);
    assertEquals(status, response.statusCode(), response.body());
    JsonNode json =
        response.body().isEmpty() ? MissingNode.getInstance() : MAPPER.readTree(response.body());
    String contentType = response.headers().firstValue("Content-Type").orElse("");
    OpenApi.assertDescribed(method, path, status, contentType, json);
    return json;
  }

  JsonNode get(String path) throws Exception {
    return call(200, "GET", path, null);
  }

  HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
