package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.sfu.SfuConfig;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// Two who may use nothing but relays talk directly by those of our TURN server
/// (`turn.relay-ports`).
@Tag("browser")
class DirectRelayBrowserTest {
  private static final SfuConfig.PortRange PORTS = new SfuConfig.PortRange(47_000, 47_099);

  @RegisterExtension
  static final CallExtension CALLS = new CallExtension(DirectRelayBrowserTest::withRelays);

  /// Leaves the PeerConnection to the other one nothing but relays by those URLs that match.
  static final String RELAY_ONLY =
      """
      window.connections = [];
      const Original = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Original {
        constructor(configuration) {
          const isDirect = configuration.iceServers.some(({ username }) => username?.endsWith('/direct'));
          const iceServers = configuration.iceServers.map(server => ({
            ...server, urls: [server.urls].flat().filter(url => /%s/.test(url)),
          })).filter(({ urls }) => urls.length);
          super(isDirect ? { ...configuration, iceServers, iceTransportPolicy: 'relay' } : configuration);
          if (isDirect) window.connections.push(this);
        }
      };
      """;

  static final String PAIR =
      """
      (async () => {
        if (!plenum.isDirect([...plenum.participants.keys()][0])) return '';
        const stats = await window.connections.at(-1)?.getStats();
        const transport = [...stats?.values() ?? []].find(s => s.type === 'transport');
        const pair = stats?.get(transport?.selectedCandidatePairId);
        const local = stats?.get(pair?.localCandidateId);
        const remote = stats?.get(pair?.remoteCandidateId);
        return `${local?.candidateType} ${local?.relayProtocol} ${remote?.candidateType}`;
      })()
      """;

  /// Those to the server's own media too.
  private static double relays(Call call) {
    return call.counted()
        .lines()
        .filter(line -> line.startsWith("plenum_turn_relays "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElse(0);
  }

  private static ServerConfig withRelays() {
    ServerConfig config = ServerConfig.forTests().withDirect(true);
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    return OwnRelayBrowserTest.overTls(config.with(config.media().with(passwords).with(PORTS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp", "tls"})
  void twoWhoMayUseNothingButRelaysTalkDirectly(String transport, Call call) {
    String urls = transport.equals("tls") ? "^turns:" : "^turn:.*=" + transport;
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(RELAY_ONLY.formatted(urls));
    ada.page().navigate(call.address("Ada", "320x180@10"));
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.enter("Grace");
    grace.page().addInitScript(RELAY_ONLY.formatted(urls));
    grace.page().navigate(call.address("Grace", "320x180@10"));

    String expected = "relay " + transport + " relay";
    eventually("Ada by a relay", () -> ada.evaluate(PAIR), expected::equals);
    eventually("Grace by a relay", () -> grace.evaluate(PAIR), expected::equals);
    DirectPath.moves(ada);
    DirectPath.moves(grace);
    String counted = call.counted();
    assertTrue(counted.contains("verdict=\"turn_forwarded\""), counted);

    double before = relays(call);
    ada.evaluate("plenum.allowDirect(false)");
    eventually("the server's path", () -> grace.evaluate(PAIR), String::isEmpty);
    ada.seesAndHears("Grace");
    eventually("the call's relays to end", () -> relays(call), now -> now <= before - 2);
  }
}
