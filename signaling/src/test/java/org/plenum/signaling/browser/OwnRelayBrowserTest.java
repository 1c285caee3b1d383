package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// RFC 8656: browsers that may use nothing but a relay, which is the server's own.
@Tag("browser")
class OwnRelayBrowserTest {
  @RegisterExtension
  static final CallExtension CALLS = new CallExtension(OwnRelayBrowserTest::withRelays);

  /// Leaves the page relays as the only candidates, by those URLs of our TURN server that begin so,
  /// at another port and transport than it is told; or by the same, `$&`.
  static final String RELAY_ONLY =
      """
      window.connections = [];
      const Original = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Original {
        constructor(configuration) {
          const iceServers = configuration.iceServers.map(server => ({
            ...server,
            urls: server.urls.filter(url => url.startsWith('%s'))
              .map(url => url.replace(/\\d+.transport=tcp$/, '%s'))
          }));
          super({ ...configuration, iceServers, iceTransportPolicy: 'relay' });
          window.connections.push(this);
        }
      };
      """;

  /// The kind of the local candidate that carries media, and how it speaks with the relay.
  static final String RELAYED =
      """
      (async () => {
        const stats = await window.connections.at(-1).getStats();
        const transport = [...stats.values()].find(s => s.type === 'transport');
        const pair = stats.get(transport.selectedCandidatePairId);
        const local = stats.get(pair.localCandidateId);
        return local.candidateType + ' ' + local.relayProtocol;
      })()
      """;

  private static ServerConfig withRelays() {
    ServerConfig config = ServerConfig.forTests();
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    return overTls(config.with(config.media().with(passwords)));
  }

  /// By a port of its own.
  static ServerConfig overTls(ServerConfig config) {
    ServerConfig.Web web =
        new ServerConfig.Web(
            config.web().trustedProxies(), config.web().allowedOrigins(), null, null, true);
    return config.with(web.with(true, new ServerConfig.SecureRelay(0, 0, "")));
  }

  static String relayOnly(String transport, Call call) {
    boolean isUdp = transport.equals("udp");
    return RELAY_ONLY.formatted(
        transport.equals("tls") ? "turns:" : "turn:",
        isUdp ? call.mediaPort() + "?transport=udp" : "$&");
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp", "tls"})
  void whoeverMayUseNothingButTheRelaySeesAndHears(String transport, Call call) {
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(relayOnly(transport, call));

    ada.page().navigate(call.address("Ada", Call.SMALL));

    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    assertEquals("relay " + transport, ada.evaluate(RELAYED));
    String counted = call.counted();
    assertTrue(counted.contains("plenum_clients{path=\"relay\"} 1.0"), counted);
    // Whose browser may use any path takes the direct one.
    assertTrue(counted.contains("plenum_clients{path=\"udp\"} 1.0"), counted);
    assertTrue(counted.contains("TURN_ANSWERED") || counted.contains("turn_answered"), counted);
  }
}
