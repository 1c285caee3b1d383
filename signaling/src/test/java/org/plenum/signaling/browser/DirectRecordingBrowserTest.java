package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// A recording cannot follow from one path to another: while anything is recorded that others send,
/// two do not talk directly.
@Tag("browser")
class DirectRecordingBrowserTest {
  /// Keeps what the page tells the server of talking directly.
  private static final String KEEP_AGREEMENT =
      """
      window.agreements = [];
      window.WebSocket = class extends WebSocket {
        send(text) {
          const { type, state } = JSON.parse(text);
          if (type === 'direct' && ['refused', 'allowed'].includes(state)) agreements.push(state);
          return super.send(text);
        }
      };
      """;

  private static final String AGREEMENTS = "agreements.join()";
  private static final String IS_DIRECT =
      "plenum.stats().then(({ direct }) => String(direct !== null))";

  private static final String UPLOADED =
      """
      fetch('/recordings/lobby').then((answer) => answer.json())
        .then(({ recordings }) => recordings.find(({ title }) => title === 'The call in lobby')?.bytes ?? 0)""";

  /// How loud the film is at its loudest: the microphones that Chromium makes up beep.
  private static final String IS_HEARD =
      """
      fetch('/recordings/lobby').then((answer) => answer.json())
        .then(({ recordings }) => recordings.find(({ title }) => title === 'The call in lobby'))
        .then(({ recording, ticket }) => fetch(`/recordings/lobby/${recording}?ticket=${ticket}`))
        .then((answer) => answer.arrayBuffer())
        .then((bytes) => new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes))
        .then((sound) => sound.getChannelData(0).some((sample) => Math.abs(sample) > 0.05))""";

  @RegisterExtension
  private final CallExtension calls = new CallExtension(DirectRecordingBrowserTest::config);

  @Test
  void theOtherOneIsHeardInARecordingOfTheCallThatBeganDirectly(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(KEEP_AGREEMENT);
    ada.page().navigate(call.address("Ada", Call.SMALL));
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace");
    eventually("to talk directly", () -> ada.evaluate(IS_DIRECT), "true"::equals);
    ada.press("mic"); // nobody but Grace is to be heard

    press(ada, "record-call");
    grace.press("consent-yes");
    eventually("the server's path", () -> ada.evaluate(IS_DIRECT), "false"::equals);

    // Another recording that ends does not end this one's reason.
    recordTile(ada);
    grace.press("consent-yes");
    eventually("both", () -> ada.evaluate(TILES_RECORDED), "1"::equals);
    recordTile(ada);
    eventually("one", () -> ada.evaluate(TILES_RECORDED), "0"::equals);
    assertEquals("refused", ada.evaluate(AGREEMENTS));
    String uploaded = ada.evaluate(UPLOADED);
    eventually(
        "more of it",
        () -> ada.evaluate(UPLOADED),
        bytes -> Long.parseLong(bytes) > Long.parseLong(uploaded) + 100_000);
    press(ada, "record-call");
    eventually("agreement", () -> ada.evaluate(AGREEMENTS), "refused,allowed"::equals);
    assertEquals("true", ada.evaluate(IS_HEARD), "Grace");
    eventually("to talk directly again", () -> ada.evaluate(IS_DIRECT), "true"::equals);
  }

  private static final String TILES_RECORDED =
      "document.querySelectorAll('[data-testid=tile] [data-action=record][aria-pressed=true]').length";

  private static void press(ChromiumParticipant who, String item) {
    who.press("more");
    who.press(item);
  }

  private static void recordTile(ChromiumParticipant who) {
    Page page = who.page();
    page.getByTestId("tile").first().hover();
    page.locator("[data-testid=tile] [data-action=record]").first().click();
  }

  private static ServerConfig config() {
    try {
      return ServerConfig.forTests()
          .with(new ServerConfig.Recordings(Files.createTempDirectory("plenum-recordings"), 64, 30))
          .withDirect(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
