package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// What somebody began to broadcast and to record goes on after a restart, until somebody ends it.
class EgressRestartTest {
  private static final String BROADCAST = "/rooms/blue/broadcast";
  private static final String RECORDING = "/rooms/blue/recording";
  private static final String TOKEN =
      Forge.hs256(
          Forge.granting("room", "blue", "roomAdmin", true, "roomCreate", true, "roomList", true));

  @TempDir private Path data;
  private TestServer server;
  private HttpClient http;
  private ApiClient api;

  @BeforeEach
  void start() throws Exception {
    http = HttpClient.newHttpClient();
    restart();
    api.call(201, "PUT", "/rooms/blue", "{}");
  }

  @AfterEach
  void stop() {
    server.close();
    http.shutdownNow();
  }

  private void restart() {
    if (server != null) {
      server.close();
    }
    server =
        new TestServer(
            true,
            Attacks.config()
                .with(new ServerConfig.Recordings(data, 4, 30))
                .with(new ServerConfig.Events(List.of(), data)));
    api = new ApiClient(http, server.http(""), TOKEN);
  }

  @Test
  void bothGoOn() throws Exception {
    JsonNode broadcast = api.call(201, "POST", BROADCAST, "{\"participant\":\"ada\"}");
    JsonNode recording = api.call(201, "POST", RECORDING, "{}");
    restart();
    JsonNode next = await(BROADCAST);
    assertNotEquals(broadcast.get("broadcast"), next.get("broadcast"), "another one");
    assertEquals("ada", next.get("participant").asText());
    assertNotEquals(recording.get("recording"), await(RECORDING).get("recording"));
    assertTrue(kept().contains("\"broadcast\":true"), kept());
  }

  @Test
  void whatWasEndedDoesNot() throws Exception {
    api.call(201, "POST", BROADCAST, "{}");
    api.call(201, "POST", RECORDING, "{}");
    api.call(204, "DELETE", BROADCAST, null);
    api.call(204, "DELETE", RECORDING, null);
    assertFalse(kept().contains("\"broadcast\":true"), kept());
    assertFalse(kept().contains("\"recording\":true"), kept());
    restart();
    assertFalse(server.room("blue").calls.contains("tap"), server.room("blue").calls + "");
  }

  private String kept() throws Exception {
    return Files.readString(data.resolve("rooms/blue.json"));
  }

  private JsonNode await(String path) throws Exception {
    for (int i = 0; i < 600; i++) {
      HttpResponse<String> response = api.send("GET", path, null);
      if (response.statusCode() == 200) {
        return api.get(path);
      }
      Thread.sleep(100);
    }
    throw new AssertionError("nothing at " + path);
  }
}
