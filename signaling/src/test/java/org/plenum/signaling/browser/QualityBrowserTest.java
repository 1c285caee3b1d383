package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whom the page blames where a network loses packets.
@Tag("browser")
@ExtendWith(CallExtension.class)
class QualityBrowserTest {
  private static final String GOOD = "Quality: good";

  /// Media goes through a relay instead of the server's port.
  private static final String THROUGH =
      """
      const set = RTCPeerConnection.prototype.setRemoteDescription;
      RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
        const candidate = 'a=candidate:1 1 udp 2130706431 127.0.0.1 %d typ host\\r\\n';
        const without = sdp.replace(/a=candidate:.*\\r\\n/g, '');
        return set.call(this, { type, sdp: without.replace(/(a=ice-pwd:.*\\r\\n)/g, `$1${candidate}`) });
      };
      """;

  private static ChromiumParticipant join(Call call, String name, LossyRelay path) {
    ChromiumParticipant participant = call.enter(name);
    participant.page().addInitScript(THROUGH.formatted(path.port()));
    participant.page().navigate(call.address(name, Call.SMALL));
    return participant;
  }

  /// What the bars on a tile say to somebody who cannot see them; empty while there are none.
  private static String bars(ChromiumParticipant viewer, String tile) {
    return viewer.evaluate(
        "(() => { const bars = document.querySelector(`"
            + tile
            + " .quality`); return bars && !bars.hidden ? bars.getAttribute('aria-label') : ''; })()");
  }

  private static String tileOf(String name) {
    return ".tile[aria-label='" + name + "']";
  }

  private static void sees(ChromiumParticipant viewer, String tile, String wanted) {
    eventually(
        viewer.name() + " to see bars on " + tile + ": " + wanted,
        () -> bars(viewer, tile),
        said -> wanted.isEmpty() ? said.isEmpty() : said.endsWith(wanted));
  }

  @Test
  void aWeakUplinkIsItsOwnersAtBothEnds(Call call) {
    try (var path = new LossyRelay(call.mediaPort(), 0.4, 0, 1)) {
      ChromiumParticipant bob = call.join("Bob");
      ChromiumParticipant ada = join(call, "Ada", path);
      sees(bob, tileOf("Ada"), "Ada’s connection is weak.");
      assertEquals(
          "Their connection",
          bob.evaluate("document.querySelector(`" + tileOf("Ada") + " .quality`).innerText"));
      bob.screenshot("quality-uplink");
      assertEquals(List.of(), Axe.violations(bob.page()));
      sees(ada, ".tile.self", "Your connection is weak.");
      ada.screenshot("quality-own");
      sees(ada, tileOf("Bob"), GOOD);
      sees(bob, ".tile.self", GOOD);
      ada.press("mic");
      ada.press("cam");
      sees(bob, tileOf("Ada"), "");
      sees(ada, ".tile.self", "");
    }
  }

  @Test
  void aWeakDownlinkIsTheViewersAlone(Call call) {
    try (var path = new LossyRelay(call.mediaPort(), 0, 0.4, 2)) {
      ChromiumParticipant ada = call.join("Ada");
      ChromiumParticipant bob = join(call, "Bob", path);
      sees(bob, tileOf("Ada"), "Your connection is weak.");
      bob.screenshot("quality-downlink");
      assertEquals(List.of(), Axe.violations(bob.page()));
      sees(ada, ".tile.self", GOOD);
      sees(ada, tileOf("Bob"), GOOD);
    }
  }
}
