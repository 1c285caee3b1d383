package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// coturn's own client against our TURN server over TLS, with what `welcome` gave a participant.
@Timeout(120)
class TurnutilsTlsTest {
  private static final Path CLIENT = Path.of("/usr/bin/turnutils_uclient");
  private static final int MESSAGES = 5;
  private static final int PATIENCE_SECONDS = 30;

  /// It asks for EVEN-PORT at random, and gives up if that is refused too often.
  private static final int ATTEMPTS = 12;

  static ServerConfig config() throws Exception {
    try (DatagramSocket free = new DatagramSocket()) {
      ServerConfig config = ServerConfig.forTests();
      var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
      var web = new ServerConfig.Web(List.of(), List.of(), null, null, true);
      return config
          .with(config.media().withPort(free.getLocalPort()).with(passwords))
          .with(web.with(true, new ServerConfig.SecureRelay(0, 0, "")));
    }
  }

  @Test
  void hasARelayOverTlsUntilItsParticipantLeaves() throws Exception {
    assumeTrue(Files.isExecutable(CLIENT), "coturn is not installed");
    ServerConfig config = config();
    try (PlenumServer server = PlenumServer.start(config);
        HttpClient http = TlsTest.client()) {
      TestClient ada = new TestClient(http, "wss://127.0.0.1:" + server.httpPort() + "/ws");
      JsonNode turn = ada.hello("blue", "Ada").at("/iceServers/0");
      String url = turn.at("/urls/1").asText();
      assertTrue(url.startsWith("turns:127.0.0.1:"), url);
      String port = url.substring("turns:127.0.0.1:".length(), url.indexOf('?'));
      String said = "";
      for (int i = 0; i < ATTEMPTS && !said.contains("tot_send_msgs=" + MESSAGES); i++) {
        said = run(turn, port, config.media().port());
      }
      assertTrue(said.contains("tot_send_msgs=" + MESSAGES), said);
      assertTrue(said.contains("Received relay addr: 127.0.0.1:" + config.media().port()), said);

      ada.say("{\"type\":\"leave\"}");
      ada.await("bye", _ -> true);
      awaitNoRelay(http, server);
      String after = run(turn, port, config.media().port());
      assertTrue(!after.contains("Received relay addr"), after);
    }
  }

  private static void awaitNoRelay(HttpClient http, PlenumServer server) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    String seen = "";
    while (!seen.contains("\nplenum_turn_relays 0.0\n")) {
      assertTrue(deadline - System.nanoTime() > 0, "not within five seconds");
      seen = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    }
  }

  /// What it says while it sends a few messages to a peer, from where no answer comes.
  private static String run(JsonNode turn, String port, int peerPort) throws Exception {
    List<String> command =
        List.of(
            CLIENT.toString(),
            "-v",
            "-t",
            "-S",
            "-u",
            turn.get("username").asText(),
            "-w",
            turn.get("credential").asText(),
            "-c",
            "-s",
            "-X",
            "-n",
            "" + MESSAGES,
            "-p",
            port,
            "-e",
            "127.0.0.1",
            "-r",
            "" + peerPort,
            "127.0.0.1");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    var said = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.contains("tot_send_msgs=" + MESSAGES)) {
        said.append(line).append('\n');
        line = lines.readLine();
      }
      return said.append(line).toString();
    } finally {
      process.destroyForcibly(); // it would wait for answers
    }
  }
}
