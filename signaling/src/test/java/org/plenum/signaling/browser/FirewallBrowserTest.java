package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks that let little out: what the page does there by itself, in Chromium and Firefox.
@Tag("browser")
class FirewallBrowserTest {
  private static final String KEEP_CONNECTIONS =
      """
      window.connections = [];
      const Original = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Original {
        constructor(configuration) {
          super(configuration);
          window.connections.push(this);
        }
      };
      """;

  /// The kind of the local candidate that carries media, and by what.
  private static final String WAY =
      """
      (async () => {
        const stats = await window.connections.at(-1).getStats();
        const all = [...stats.values()];
        const transport = all.find(s => s.type === 'transport');
        const pair = stats.get(transport?.selectedCandidatePairId)
          ?? all.find(s => s.type === 'candidate-pair' && s.selected);
        const local = stats.get(pair.localCandidateId);
        return local.candidateType === 'relay' ? 'relay ' + local.relayProtocol : local.protocol;
      })()
      """;

  @TempDir private Path directory;

  @Test
  void withoutUdpByIceTcpAndWithTlsAloneByTurn() throws Exception {
    Installed.chromium();
    Installed.firefox();
    try (FirewalledServer server = new FirewalledServer(directory);
        Chromium chromium = Chromium.launch();
        FirefoxProcess firefox = new FirefoxProcess();
        BidiConnection bidi = new BidiConnection(firefox.address())) {
      FirefoxParticipant.prepare(bidi);
      bidi.send(
          "script.addPreloadScript",
          BidiConnection.parameters()
              .put("functionDeclaration", "() => {" + KEEP_CONNECTIONS + "}"));
      server.allow(FirewalledServer.NO_UDP);
      meet(server, chromium, bidi, "tcp");
      server.allow(FirewalledServer.TLS_ALONE);
      meet(server, chromium, bidi, "relay tls");
    }
  }

  private static void meet(
      FirewalledServer server, Chromium chromium, BidiConnection bidi, String way)
      throws Exception {
    Browser.NewContextOptions options =
        new Browser.NewContextOptions()
            .setPermissions(List.of("camera", "microphone"))
            .setIgnoreHTTPSErrors(true);
    var ada = new ChromiumParticipant("Ada", chromium.browser().newContext(options));
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ada.page().addInitScript(KEEP_CONNECTIONS);
      ada.page().navigate(server.address("Ada"));
      grace.open(server.address("Grace"));
      ada.seesAndHears("Grace");
      grace.seesAndHears("Ada");
      assertEquals(way, ada.evaluate(WAY), server.rules());
      assertEquals(way, grace.evaluate(WAY), server.rules());
    } finally {
      ada.close();
    }
  }
}
