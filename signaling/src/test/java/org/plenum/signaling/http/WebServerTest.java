package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.cluster.ClusterSettings;
import org.plenum.signaling.config.ServerConfig;

class WebServerTest {
  private static final ClusterSettings SETTINGS =
      new ClusterSettings("n1", "a-secret", "127.0.0.1", 7800, List.of(), null, 1);

  /// A certificate is often the same at all nodes; a relay is of one of them.
  @ParameterizedTest
  @CsvSource({
    "relay.example.org, https://n1.example.org, relay.example.org",
    "'', https://n1.example.org:8443, n1.example.org",
    "'', http://n1.example.org, call.example.org",
    "'', '', call.example.org",
  })
  void aNodesRelaysAreReachedByItsOwnName(String told, String url, String expected) {
    var node = new ServerConfig.Node(SETTINGS, url, "", 1);
    assertEquals(expected, WebServer.relayHost(told, node, "call.example.org"));
    assertEquals(
        told.isEmpty() ? "call.example.org" : told,
        WebServer.relayHost(told, null, "call.example.org"));
  }
}
