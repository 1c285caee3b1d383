package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// While two talk directly, bars say how good that path is, of which the server knows nothing.
@Tag("browser")
class DirectQualityBrowserTest {
  private static final String GOOD = "Quality of the direct path: good";

  /// Once it is said, of twelve packets of sound one is told to be lost on the direct path: fewer
  /// than those for which the path would be given up.
  private static final String LOSSY =
      """
      const getStats = RTCPeerConnection.prototype.getStats;
      RTCPeerConnection.prototype.getStats = async function (...how) {
        const report = await getStats.apply(this, how);
        if (!window.isLossy || this.getTransceivers().length !== 4) return report;
        const told = (entry) => entry.type === 'inbound-rtp' && entry.kind === 'audio'
          ? { ...entry, packetsLost: Math.round(entry.packetsReceived / 12) } : entry;
        return new Map([...report].map(([id, entry]) => [id, told(entry)]));
      };
      """;

  @RegisterExtension
  private final CallExtension calls =
      new CallExtension(() -> ServerConfig.forTests().withDirect(true));

  @Test
  void barsAreThoseOfTheDirectPathWhileThereIsOne(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(LOSSY);
    ada.page().navigate(call.address("Ada", Call.SMALL));
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace");
    sees(ada, OTHER, GOOD);
    sees(ada, ".self", GOOD);

    ada.evaluate("window.isLossy = true");
    sees(ada, OTHER, "The direct path between the two of you is weak.");
    assertEquals("Direct path", ada.evaluate(bars(OTHER) + ".innerText"));
    ada.screenshot("quality-direct");
    assertEquals(List.of(), Axe.violations(ada.page()));
    sees(grace, OTHER, GOOD);
    grace.press("mic");
    sees(ada, OTHER, GOOD);

    ada.evaluate("plenum.allowDirect(false)");
    sees(ada, OTHER, "Quality: good");
    sees(ada, ".self", "Quality: good");
  }

  /// What the page makes of counters, without a connection.
  @Test
  void ratesCounters(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().navigate(call.base());
    assertEquals("", ada.evaluate(Probe.read("direct-quality.js")));
  }

  private static final String OTHER = ":not(.self)";

  private static String bars(String which) {
    return "document.querySelector('.tile" + which + " .quality')";
  }

  /// What the bars say to somebody who cannot see them.
  private static void sees(ChromiumParticipant viewer, String which, String wanted) {
    String read = "(({ hidden, ariaLabel }) => hidden ? '' : ariaLabel)(" + bars(which) + ")";
    eventually(
        viewer.name() + " to be told: " + wanted,
        () -> viewer.evaluate(bars(which) + " ? " + read + " : ''"),
        said -> said.endsWith(wanted));
  }
}
