package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

/// Firefox in breakout rooms, with files in the chat, and with as many seats as there can be.
@Tag("browser")
class FirefoxRoomsBrowserTest {
  private static final String WAY_IN =
      "String(Boolean(document.querySelector('[data-testid=breakout-enter]')))";
  private static final String BOXES =
      "document.querySelectorAll('[data-testid=breakout-box]').length";

  /// Gives Ada the first breakout room, as a person does with the list beside her name.
  private static final String PLACE =
      """
      (() => {
        const person = [...document.querySelectorAll('[data-testid=breakout-person]')]
          .find((item) => item.querySelector('.name').textContent === 'Ada');
        const choice = person.querySelector('select');
        choice.selectedIndex = 1;
        choice.dispatchEvent(new Event('change'));
      })()""";

  /// Where Ada is, as the host's dialog shows it.
  private static final String PLACE_OF_ADA =
      """
      [...document.querySelectorAll('[data-testid=breakout-box]')]
        .find((box) => box.querySelector('ul').textContent.includes('Ada'))?.querySelector('h3').textContent ?? ''""";

  private static final String SEND =
      """
      (() => {
        const data = new DataTransfer();
        data.items.add(new File(['written in Firefox'], 'notes.txt', { type: 'text/plain' }));
        const chooser = document.getElementById('chat-file-chooser');
        chooser.files = data.files;
        chooser.dispatchEvent(new Event('change'));
      })()""";

  /// What a click on the last file saves, and under which name.
  private static final String FETCH =
      """
      new Promise((resolve) => {
        let saved;
        URL.createObjectURL = (blob) => {
          saved = blob;
          return 'blob:';
        };
        HTMLAnchorElement.prototype.click = async function () {
          resolve(`${this.download}: ${await saved.text()}`);
        };
        [...document.querySelectorAll('[data-testid=chat-file]')].at(-1).click();
      })""";

  private static FirefoxProcess firefox;
  private static BidiConnection bidi;

  @RegisterExtension
  private final CallExtension calls = new CallExtension(FirefoxRoomsBrowserTest::config);

  private static ServerConfig config() {
    try {
      Path data = Files.createTempDirectory("plenum-firefox-rooms");
      return RealAddress.config()
          .with(new ServerConfig.Recordings(data, 64, 30, 1))
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
  void firefoxMakesBreakoutRoomsGoesThereAndCallsBack(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.enter("Ada");
      ada.page().navigate(address(call, "Ada", false));
      grace.open(address(call, "Grace", true));
      ada.seesAndHears("Grace");
      grace.press("open-breakouts");
      grace.evaluate("document.getElementById('breakouts-count').value = '1'");
      grace.press("breakouts-make");
      eventually("two boxes", () -> grace.evaluate(BOXES), "2"::equals);
      grace.evaluate(PLACE);
      eventually("Ada in Room 1", () -> grace.evaluate(PLACE_OF_ADA), "Room 1 (1)"::equals);
      for (int width : List.of(1280, 360)) {
        grace.resize(width, 740);
        grace.screenshot("firefox-breakouts-" + width);
      }
      grace.resize(1280, 720);
      grace.press("breakouts-open");
      assertThat(ada.page().getByTestId("breakout")).containsText("You are in Room 1.");
      eventually("nobody", () -> String.valueOf(grace.sight().tiles().size()), "0"::equals);

      eventually("a way in", () -> grace.evaluate(WAY_IN), "true"::equals);
      grace.press("breakout-enter");
      ada.seesAndHears("Grace");
      grace.seesAndHears("Ada");
      grace.press("open-breakouts");
      grace.press("breakouts-end");
      assertThat(ada.page().getByTestId("breakout")).isHidden();
      ada.seesAndHears("Grace");
      grace.seesAndHears("Ada");
      assertEquals("lobby", grace.evaluate("document.getElementById('room-title').textContent"));
    }
  }

  @Test
  void firefoxSendsAndFetchesFiles(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.enter("Ada");
      ada.page().navigate(address(call, "Ada", false));
      grace.open(address(call, "Grace", false));
      ada.seesAndHears("Grace");
      ada.press("open-chat");
      grace.press("open-chat");
      ada.page()
          .getByTestId("chat-file-chooser")
          .setInputFiles(
              new FilePayload(
                  "plan.txt",
                  "text/plain",
                  "written in Chromium".getBytes(StandardCharsets.UTF_8)));
      eventually(
          "a file",
          () -> grace.evaluate("document.querySelectorAll('[data-testid=chat-file]').length"),
          "1"::equals);
      assertEquals("plan.txt: written in Chromium", grace.evaluate(FETCH));

      grace.evaluate(SEND);
      assertThat(ada.page().getByTestId("chat-file").last()).containsText("notes.txt");
      Download download =
          ada.page().waitForDownload(() -> ada.page().getByTestId("chat-file").last().click());
      assertEquals("notes.txt", download.suggestedFilename());
      assertEquals("written in Firefox", Files.readString(download.path()));
      grace.screenshot("firefox-chat-file");
    }
  }

  @Test
  void firefoxNegotiatesAGalleryOfFortyNine(Call call) {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      grace.open(address(call, "Grace", false));
      grace.sees("the call", sight -> sight.state().equals("connected"));
      grace.evaluate("window.probe.showNobody(%d)".formatted(ManyTilesBrowserTest.MOST_SEATS));
      eventually(
          "all seats",
          () -> grace.evaluate("window.probe.seats()"),
          String.valueOf(ManyTilesBrowserTest.MOST_SEATS)::equals);
      ChromiumParticipant ada = call.enter("Ada");
      ada.page().navigate(address(call, "Ada", false));
      ada.seesAndHears("Grace");
    }
  }

  private static String address(Call call, String name, boolean host) {
    Map<String, Object> claims =
        Forge.granting("room", "lobby", "roomJoin", true, "roomAdmin", host);
    claims.put("sub", name);
    return call.address(name, Call.SMALL) + "#token=" + Forge.hs256(claims);
  }
}
