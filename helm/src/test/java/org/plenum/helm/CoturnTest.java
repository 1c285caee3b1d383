package org.plenum.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.protocol.TurnServer;
import org.plenum.signaling.relay.TurnClient;

/// Whom a real coturn relays to, with the arguments that the chart gives it.
class CoturnTest {
  @TempDir private static Path directory;

  private static int port;
  private static Coturn coturn;

  @BeforeAll
  static void start() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      port = socket.getLocalPort();
    }
    String values =
        """
        auth: {open: true}
        network: {advertised: ['192.168.7.7:30000', '[fd00::7]:30000', 10.7.7.7]}
        coturn:
          enabled: true
          host: 203.0.113.9
          port: %d
          secret: %s
          relayPorts: {from: 1024, to: 9999}
          allowedPeers: [172.16.5.1-172.16.5.9, 'fd00::9', 'fd01::']
        """
            .formatted(port, Coturn.SECRET);
    coturn = new Coturn(directory, values, "--listening-ip=::1");
  }

  @AfterAll
  static void stop() {
    coturn.close();
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, true",
    "11.0.0.1, true",
    "203.0.114.1, true",
    "2606:4700::1, true",
    "10.1.2.3, false",
    "100.64.1.1, false",
    "127.0.0.1, false",
    "169.254.169.254, false",
    "172.20.0.1, false",
    "192.88.99.1, false",
    "192.168.1.1, false",
    "::, false",
    "::1, false",
    "100::1, false",
    "fd00::5, false",
    "fe80::1, false",
    "10.7.7.7, true",
    "192.168.7.7, true",
    "fd00::7, true",
    "172.16.5.5, true",
    "172.16.5.10, false",
    "fd00::9, true",
    "fd01::, true",
  })
  void relaysToPublicAddressesAndThoseNamed(String peer, boolean relayed) throws Exception {
    assertEquals(relayed, isRelayed(peer), () -> peer + ": " + coturn.log());
  }

  /// What the server asks to see whether its clients would get a relay.
  @ParameterizedTest
  @ValueSource(strings = {"", "?transport=udp", "?transport=tcp"})
  void givesTheServersProbeARelayUnlessItsSecretIsAnother(String transport) throws Exception {
    assertTrue(isRelayed("8.8.4.4"));
    List<String> urls = List.of("turn:127.0.0.1:" + port + transport);
    // More often than a user may have relays: it gives each back, and coturn notices in a second.
    for (int i = 0; i < 15; i++) {
      allocate(urls, "probe-" + transport.length());
    }
    var wrong = new TurnServer(urls, "another-secret").issue(Instant.now(), "a-probe");
    var refusal =
        assertThrows(IOException.class, () -> TurnClient.allocate(urls.getFirst(), wrong));
    assertEquals("it answers 401", refusal.getMessage());
  }

  private static void allocate(List<String> urls, String user)
      throws IOException, InterruptedException {
    var credential = new TurnServer(urls, Coturn.SECRET).issue(Instant.now(), user);
    for (int i = 0; i < 100; i++) {
      try {
        TurnClient.allocate(urls.getFirst(), credential);
        return;
      } catch (IOException e) {
        assertEquals("it answers 486", e.getMessage());
        Thread.sleep(100);
      }
    }
    fail("what " + user + " gave back is not given again: " + coturn.log());
  }

  /// Whether a client gets a channel to `peer`.
  private static boolean isRelayed(String peer) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("turnutils_uclient"));
    if (peer.contains(":")) {
      command.add("-x");
    }
    // A user each: one may have so many allocations only.
    String user = Integer.toHexString(peer.hashCode());
    command.addAll(
        List.of("-c", "-W", Coturn.SECRET, "-u", user, "-e", peer, "-r", "9", "-n", "1"));
    command.addAll(List.of("-p", Integer.toString(port), "127.0.0.1"));
    for (int i = 0; i < 100; i++) {
      Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
      List<String> said = new ArrayList<>();
      try (BufferedReader lines = client.inputReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said.add(line);
          if (line.contains("403 (Forbidden IP)")) {
            return false;
          }
          if (line.contains("Total connect time")) {
            return true;
          }
        }
      } finally {
        client.destroy();
        client.waitFor();
      }
      if (Stream.of("Connection refused", "Cannot").noneMatch(String.join("\n", said)::contains)) {
        return fail(String.join("\n", said) + coturn.log());
      }
      // It is still starting.
      Thread.sleep(100);
    }
    return fail(coturn.log());
  }
}
