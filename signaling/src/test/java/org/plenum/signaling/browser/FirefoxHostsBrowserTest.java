package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// Firefox at the door, under a host's hand, after leaving, and as who records the call.
@Tag("browser")
class FirefoxHostsBrowserTest {
  private static final String WAITS = "String(!document.getElementById('waiting').hidden)";

  private static final String MICROPHONE =
      "document.getElementById('mic').getAttribute('aria-pressed')";

  private static final String IS_SILENCED = "String(!document.getElementById('silenced').hidden)";

  private static final String KEEP_TRACKS =
      """
      window.tracks = ['microphone', 'camera'].map((source) => plenum.localTrack(source)).filter(Boolean);
      String(tracks.length)""";

  private static final String LIVE =
      "String(tracks.filter((track) => track.readyState === 'live').length)";

  private static final String SMALL_SELF =
      """
      (() => {
        const choice = document.getElementById('self-view');
        choice.value = 'small';
        choice.dispatchEvent(new Event('change'));
        return String(document.querySelector('#self-corner > .self') !== null);
      })()""";

  private static final String SPEAK =
      """
      import('/i18n/i18n.js').then(({ setLanguage }) => setLanguage('%s'))
        .then(() => `${document.documentElement.lang} ${document.dir} ${document.documentElement.scrollWidth - innerWidth}`)""";

  /// This browser recognises no speech.
  private static final String OFFERS_CAPTIONS =
      "String(!document.getElementById('write-captions').hidden)";

  private static final String RECORDED =
      """
      fetch('/recordings/lobby', { headers: { Authorization: `Bearer ${plenum.token}` } })
        .then((answer) => answer.json()).then(({ recordings }) => recordings[0]?.bytes ?? 0)""";

  private static FirefoxProcess firefox;
  private static BidiConnection bidi;

  @RegisterExtension
  private final CallExtension calls = new CallExtension(FirefoxHostsBrowserTest::config);

  private static ServerConfig config() {
    try {
      Path data = Files.createTempDirectory("plenum-firefox-hosts");
      return RealAddress.config()
          .with(new ServerConfig.Recordings(data, 64, 30))
          .with(new ServerConfig.Auth(List.of(new ApiKey("one", Forge.SECRET)), "", 30, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
  void firefoxWaitsIsMutedAsksLeavesAndRejoinsAsItWas(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.enter("Ada");
      ada.page().navigate(address(call, "Ada", true));
      ada.press("more");
      ada.press("open-host");
      ada.press("rule-waitingRoom");
      assertThat(ada.page().getByTestId("rule-waitingRoom")).isChecked();
      ada.press("host-close");
      grace.open(address(call, "Grace", false));
      eventually("a door", () -> grace.evaluate(WAITS), "true"::equals);
      grace.screenshot("firefox-waiting");
      ada.press("admit");
      ada.seesAndHears("Grace");
      grace.seesAndHears("Ada");

      ada.press("open-people");
      ada.press("moderate-mute");
      eventually("why it is off", () -> grace.evaluate(IS_SILENCED), "true"::equals);
      assertEquals("false", grace.evaluate(MICROPHONE));
      grace.press("ask");
      ada.isTold("Grace asks to be heard. Unmute them in the list of participants.");
      ada.press("moderate-unmute");
      eventually("no bar", () -> grace.evaluate(IS_SILENCED), "false"::equals);
      grace.press("mic");
      ada.seesTile("Grace", "heard", tile -> !tile.soundOff());
      grace.press("mic");
      ada.seesTile("Grace", "muted", Sight.Tile::soundOff);

      assertEquals("true", grace.evaluate(SMALL_SELF));
      assertEquals("false", grace.evaluate(OFFERS_CAPTIONS));
      grace.resize(360, 740);
      assertEquals("de ltr 0", grace.evaluate(SPEAK.formatted("de")));
      assertEquals("en rtl 0", grace.evaluate(SPEAK.formatted("mirror")));
      grace.screenshot("firefox-mirror-360");
      assertEquals("en ltr 0", grace.evaluate(SPEAK.formatted("en")));
      grace.resize(1280, 720);

      assertEquals("2", grace.evaluate(KEEP_TRACKS));
      grace.press("leave");
      ada.isTold("Grace left");
      assertEquals("0", grace.evaluate(LIVE));
      grace.press("rejoin");
      ada.seesTile("Grace", "as she was", tile -> tile.soundOff() && tile.withPicture());
      grace.seesAndHears("Ada");
    }
  }

  @Test
  void firefoxRecordsTheCallOfWhoAgrees(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.enter("Ada");
      ada.page().navigate(address(call, "Ada", true));
      grace.open(address(call, "Grace", false));
      grace.seesAndHears("Ada");
      grace.evaluate("document.querySelector('[data-action=record-call]').click()");
      assertThat(ada.page().getByTestId("consent")).containsText("Grace records this call.");
      assertThat(ada.page().getByTestId("recording")).hasText("● Recording: Grace");
      ada.press("consent-yes");
      eventually(
          "some of it", () -> ada.evaluate(RECORDED), bytes -> Long.parseLong(bytes) > 30_000);
      grace.evaluate("document.querySelector('[data-action=record-call]').click()");
      grace.isTold("The recording is saved: see Recordings in the menu.");
      assertThat(ada.page().getByTestId("recording")).isHidden();
    }
  }

  private static String address(Call call, String name, boolean host) {
    Map<String, Object> claims =
        Forge.granting("room", "lobby", "roomJoin", true, "roomAdmin", host);
    claims.put("sub", name);
    return call.address(name, Call.SMALL) + "#token=" + Forge.hs256(claims);
  }
}
