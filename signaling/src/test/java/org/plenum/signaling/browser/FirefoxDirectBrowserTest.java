package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Firefox and Chromium talk directly, and go back to the server for a third.
@Tag("browser")
class FirefoxDirectBrowserTest {
  private static final String DIRECT =
      "plenum.stats().then(({ direct }) => JSON.stringify(direct?.pair ?? null))";

  private static FirefoxProcess firefox;
  private static BidiConnection bidi;

  @RegisterExtension
  private final CallExtension calls =
      new CallExtension(() -> RealAddress.config().withDirect(true));

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(RealAddress.isThere(), "Firefox needs an IPv4 address other than 127.0.0.1.");
    firefox = new FirefoxProcess();
    bidi = new BidiConnection(firefox.address());
    FirefoxParticipant.prepare(bidi);
  }

  @AfterAll
  static void stop() {
    if (bidi != null) {
      bidi.close();
    }
    if (firefox != null) {
      firefox.close();
    }
  }

  @Test
  void firefoxAndChromiumGoDirectAndBack(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.join("Ada");
      grace.open(call.address("Grace", Call.SMALL));
      goesDirect(ada);
      goesDirect(grace);
      FrameGap adas = new FrameGap(ada, "Grace");
      FrameGap graces = new FrameGap(grace, "Ada");
      eventually("frames of Firefox", adas::frames, frames -> frames > 3);
      eventually("frames of Chromium", graces::frames, frames -> frames > 3);
      grace.screenshot("direct-firefox");

      ChromiumParticipant linus = call.join("Linus", Call.TINY);
      linus.seesAndHears("Ada", "Grace");
      ada.seesAndHears("Grace", "Linus");
      grace.seesAndHears("Ada", "Linus");
      assertEquals("null", grace.evaluate(DIRECT));
    }
  }

  private static void goesDirect(Participant who) {
    JsonNode pair =
        eventually(
            who.name() + " to talk directly",
            () -> Probe.parse(who.evaluate(DIRECT)),
            seen -> !seen.isNull());
    assertEquals("udp", pair.get("protocol").asText());
  }
}
