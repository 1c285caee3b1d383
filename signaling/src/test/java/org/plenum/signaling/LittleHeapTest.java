package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server whose heap holds fewer participants than come.
@Timeout(300)
class LittleHeapTest {
  private static final int MANY = 1_000;

  @TempDir private Path directory;

  @Test
  void refusesNewcomersBeforeTheHeapIsFullAndGoesOn() throws Exception {
    int management = freePort();
    String settings = "management.port = " + management + "\n";
    List<String> options = List.of("-Xmx48m", "-XX:+UseG1GC", "-XX:+ExplicitGCInvokesConcurrent");
    try (var server = new ServerProcess(directory, settings, options);
        HttpClient http = HttpClient.newHttpClient()) {
      URI readyz = URI.create("http://127.0.0.1:" + management + "/readyz");
      List<TestClient> here = new ArrayList<>();
      JsonNode refusal = null;
      HttpResponse<String> ready = ask(http, readyz);
      // A collection may find more room than the one before: then more come.
      while (refusal == null || ready.statusCode() == 200) {
        JsonNode answer = come(http, server, here);
        refusal = answer == null ? refusal : answer;
        assertTrue(here.size() < MANY, MANY + " fit into 48 MiB");
        ready = answer == null ? ready : ask(http, readyz);
      }
      assertEquals("overloaded", refusal.get("code").asText());
      assertTrue(refusal.get("message").asText().contains("memory"), refusal::toString);
      assertEquals(5, refusal.get("retryAfter").asInt());
      assertEquals(503, ready.statusCode());
      assertTrue(ready.body().contains("the heap is nearly full"), ready.body());
      // Whoever goes on asking does not end it.
      for (int i = 0; i < 50; i++) {
        come(http, server, here);
      }
      URI healthz = URI.create("http://127.0.0.1:" + management + "/healthz");
      assertEquals(200, ask(http, healthz).statusCode());
      // Once they are gone there is room again.
      for (TestClient client : here) {
        if (!client.socket().isOutputClosed()) { // without media they are removed after 30 s
          client.say("{\"type\":\"leave\"}");
        }
      }
      while (ask(http, readyz).statusCode() != 200) {
        come(http, server, new ArrayList<>()); // something to collect
      }
      http.shutdownNow();
    }
  }

  /// One more participant, with its transport; null if it was let in.
  private static JsonNode come(HttpClient http, ServerProcess server, List<TestClient> here)
      throws Exception {
    var client = new TestClient(http, server.webSocket());
    client.say("{\"type\":\"hello\",\"version\":1,\"room\":\"blue\",\"name\":\"Ada\"}");
    JsonNode answer = client.nextOf(List.of("welcome", "error"));
    if (answer.get("type").asText().equals("welcome")) {
      client.say(RealSfuTest.offer());
      answer = client.nextOf(List.of("answer", "error"));
    }
    if (answer.get("type").asText().equals("error")) {
      client.socket().abort();
      return answer;
    }
    here.add(client);
    return null;
  }

  private static HttpResponse<String> ask(HttpClient http, URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
