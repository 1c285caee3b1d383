package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.browser.Sight.Tile;
import org.plenum.signaling.config.ServerConfig;

/// A room on two workers: whoever is in it notices nothing of that.
@Tag("browser")
class SpreadBrowserTest {
  @RegisterExtension
  static final CallExtension CALLS = new CallExtension(SpreadBrowserTest::onTwoWorkers);

  private static ServerConfig onTwoWorkers() {
    ServerConfig config = ServerConfig.forTests();
    return config.with(config.media().with(2, 1));
  }

  @Test
  void threePeopleOnTwoWorkersSeeAndHearEachOther(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant linus = call.join("Linus");

    ada.seesAndHears("Grace", "Linus");
    grace.seesAndHears("Ada", "Linus");
    linus.seesAndHears("Ada", "Grace");
    String counted = call.counted();
    assertTrue(counted.contains("plenum_rooms 1.0"), counted);
    assertTrue(counted.contains("plenum_branches 1.0"), counted);
    assertTrue(counted.contains("plenum_relayed_sent_packets_total"), counted);
    assertFalse(counted.contains("plenum_relayed_dropped_packets_total"), counted);

    ada.press("mic");
    grace.seesTile("Ada", "muted", Tile::soundOff);
    ada.press("mic");
    grace.seesAndHears("Ada", "Linus");

    grace.page().close();
    linus.seesAndHears("Ada");
    ada.seesAndHears("Linus");
  }
}
