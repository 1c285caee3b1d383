package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.protocol.TurnPasswords;

/// RFC 8656: Firefox, which may use nothing but the server's own relay.
@Tag("browser")
class FirefoxRelayBrowserTest {
  @RegisterExtension
  static final CallExtension CALLS = new CallExtension(FirefoxRelayBrowserTest::withRelays);

  /// The kind of the local candidate that carries media, and how it speaks with the relay.
  static final String RELAYED =
      """
      (async () => {
        const stats = await window.connections.at(-1).getStats();
        const pair = [...stats.values()].find(s => s.type === 'candidate-pair' && s.selected);
        const local = stats.get(pair.localCandidateId);
        return local.candidateType + ' ' + local.relayProtocol;
      })()
      """;

  private static ServerConfig withRelays() {
    ServerConfig config = RealAddress.config();
    var passwords = new TurnPasswords("nobody-knows-it", Duration.ofHours(1));
    return config.with(config.media().with(passwords));
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp"})
  void firefoxSeesAndHearsByTheRelayAlone(String transport, Call call) throws IOException {
    assumeTrue(RealAddress.isThere(), "Firefox needs an IPv4 address other than 127.0.0.1.");
    try (FirefoxProcess firefox = new FirefoxProcess();
        BidiConnection bidi = new BidiConnection(firefox.address())) {
      FirefoxParticipant.prepare(bidi);
      String script = OwnRelayBrowserTest.relayOnly(transport, call);
      bidi.send(
          "script.addPreloadScript",
          BidiConnection.parameters().put("functionDeclaration", "() => {" + script + "}"));
      try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
        ChromiumParticipant ada = call.join("Ada");
        grace.open(call.address("Grace", Call.SMALL));
        ada.seesAndHears("Grace");
        grace.seesAndHears("Ada");
        assertEquals("relay " + transport, grace.evaluate(RELAYED));
      }
    }
  }
}
