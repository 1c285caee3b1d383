package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.signaling.session.CloseCode;

/// What a process does that is told to stop, once and twice.
class StopSignalsTest {
  private static final String LONG = "drain.seconds = 86400\n";

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    http.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"TERM, TERM, 0", "INT, TERM, 130"})
  void aSecondOneEndsTheDrain(String first, String second, int status) throws Exception {
    try (var server = new ServerProcess(directory, LONG)) {
      TestClient ada = new TestClient(http, server.webSocket());
      ada.hello("blue", "Ada");
      server.signal(first);
      assertTrue(ada.next("stopping").get("seconds").asLong() > 86_000);
      server.await("draining: 1 sessions");
      ada.say("{\"type\":\"message\",\"text\":\"the call goes on\",\"to\":\"nobody\"}");
      ada.next("error");
      server.signal(second);
      assertEquals(CloseCode.GOING_AWAY.code(), ada.closeCode());
      assertEquals(status, server.exitStatus());
    }
  }

  @Test
  void oneIsEnoughOnceNobodyIsHere() throws Exception {
    try (var server = new ServerProcess(directory, LONG)) {
      TestClient ada = new TestClient(http, server.webSocket());
      ada.hello("blue", "Ada");
      server.signal("TERM");
      ada.next("stopping");
      ada.say("{\"type\":\"leave\"}");
      assertEquals(0, server.exitStatus());
    }
  }
}
