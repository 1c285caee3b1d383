package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.ClientMessageReader;

/// A page with many tiles: whether the most seats can be negotiated, and how quickly it answers.
@Tag("browser")
@ExtendWith(CallExtension.class)
class ManyTilesBrowserTest {
  static final int MOST_SEATS = 49;

  private static final String WATCH =
      """
      window.messages = [];
      const send = WebSocket.prototype.send;
      WebSocket.prototype.send = function (text) {
        window.messages.push(text);
        send.call(this, text);
      };
      """;

  private static final String OFFER =
      "window.messages.filter(text => text.startsWith('{\"type\":\"offer\"')).at(-1)";

  /// So many others with pictures that move, as the page would show what a server sends.
  static final String COMPANY =
      """
      (() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
        const pen = canvas.getContext('2d');
        let turn = 0;
        setInterval(() => {
          pen.fillStyle = `hsl(${turn++} 60%% 50%%)`;
          pen.fillRect(0, 0, 320, 180);
        }, 66);
        const stream = canvas.captureStream(15);
        for (let i = 0; i < %d; i++) {
          const participant = `guest${i}`;
          const tracks = [{ track: `${participant}-1`, kind: 'video', source: 'camera', muted: false }];
          const person = { participant, name: `Guest ${i + 1}`, tracks, silenced: [] };
          plenum.participants.set(participant, person);
          const tell = (type, detail) => plenum.dispatchEvent(new CustomEvent(type, { detail }));
          tell('joined', { participant: person, quiet: true });
          tell('tile', { participant, screen: false, stream, paused: null, limited: false });
        }
      })()
      """;

  /// Whether the page has told the server last that it shows a picture of this participant.
  private static final String ASKED =
      """
      (() => {
        const view = window.messages.map((text) => JSON.parse(text)).findLast(({ type }) => type === 'view');
        return (view?.seats ?? []).some((seat) => seat.participant === '%s' && seat.maxHeight > 0);
      })()""";

  /// Of each interaction the longest event: how long till the next paint, and of that how long it
  /// waited for the page, and how long the page handled it.
  private static final String OBSERVE =
      """
      (() => {
        window.interactions = new Map();
        new PerformanceObserver((list) => {
          for (const event of list.getEntries()) {
            const { interactionId, duration, name, target, startTime, processingStart, processingEnd } = event;
            if (!interactionId || duration <= (window.interactions.get(interactionId)?.duration ?? 0)) continue;
            const { testid, action } = target?.closest?.('[data-testid], [data-action]')?.dataset ?? {};
            const [waited, handled] = [processingStart - startTime, processingEnd - processingStart].map(Math.round);
            window.interactions.set(interactionId, { duration, text: `${duration} (${waited} + ${handled}) ${name} ${action ?? testid ?? ''}` });
          }
        }).observe({ type: 'event', durationThreshold: 16 });
      })()
      """;

  /// What the gallery promises: that many seats in one offer that the server takes.
  @Test
  void aGalleryOfFortyNineIsNegotiated(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    page.addInitScript(WATCH);
    page.navigate(call.address("Ada", Call.TINY));
    eventually("a call", () -> ada.evaluate("window.plenum?.state"), "connected"::equals);
    ada.evaluate("window.probe.showNobody(%d)".formatted(MOST_SEATS));
    eventually(
        "all seats in the answer",
        () -> ada.evaluate("window.probe.seats()"),
        String.valueOf(MOST_SEATS)::equals);
    String offer = ada.evaluate(OFFER);
    assertEquals(
        MOST_SEATS, ((ClientMessage.Offer) ClientMessageReader.read(offer)).seats().size());
    assertTrue(offer.length() < ClientMessageReader.MAX_MESSAGE);
    System.out.println(
        "an offer of " + MOST_SEATS + " seats: " + offer.length() + " characters as a message");
    assertEquals("connected", ada.evaluate("plenum.state"));
  }

  /// Who is on another page of the gallery is not asked for a picture.
  @Test
  void beyondSixteenThereArePages(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    page.addInitScript(WATCH);
    page.navigate(call.address("Ada", Call.TINY));
    assertThat(page.locator(".tile.self.with-picture")).hasCount(1);
    assertThat(page.getByTestId("pager")).isHidden();
    eventually("a call", () -> ada.evaluate("window.plenum?.state"), "connected"::equals);
    ada.evaluate(COMPANY.formatted(19));
    assertThat(page.locator("#grid > .tile")).hasCount(16);
    assertThat(page.getByTestId("page-text")).hasText("1 of 2");
    asksFor(ada, "guest0", true);
    asksFor(ada, "guest18", false);
    assertEquals(List.of(), Axe.violations(page), "first page");
    Looks.take(ada, "pager");

    var keyboard = new Keyboard(ada);
    page.locator("#room-title").focus();
    keyboard.tabTo("page-forth");
    keyboard.press("Enter");
    assertThat(page.locator("#grid > .tile")).hasCount(4);
    assertThat(page.getByTestId("page-text")).hasText("2 of 2");
    assertThat(page.getByTestId("page-forth")).isFocused();
    assertThat(page.getByTestId("page-forth")).hasAttribute("aria-disabled", "true");
    asksFor(ada, "guest18", true);
    asksFor(ada, "guest0", false);
    assertEquals(List.of(), Axe.violations(page), "last page");

    ada.press("more");
    ada.press("open-settings");
    page.getByTestId("page-size").selectOption("49");
    ada.press("settings-close");
    assertThat(page.locator("#grid > .tile")).hasCount(20);
    assertThat(page.getByTestId("pager")).isHidden();
    asksFor(ada, "guest0", true);
  }

  private static void asksFor(ChromiumParticipant viewer, String participant, boolean picture) {
    eventually(
        "a picture of " + participant + " asked for: " + picture,
        () -> viewer.evaluate(ASKED.formatted(participant)),
        String.valueOf(picture)::equals);
  }

  /// Prints the interaction to next paint; a bound on it would be one on the machine too.
  @Test
  void answersQuicklyWithSixteenTiles(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    Page page = ada.page();
    assertThat(page.locator(".tile.self.with-picture")).hasCount(1);
    eventually("a call", () -> ada.evaluate("window.plenum?.state"), "connected"::equals);
    ada.evaluate(COMPANY.formatted(15));
    assertThat(page.locator(".tile.with-picture")).hasCount(16);
    ada.evaluate(OBSERVE);
    List<String> buttons = List.of("mic", "cam", "hand", "open-chat", "open-people", "panel-close");
    for (String button : buttons) {
      ada.press(button);
    }
    ada.press("more");
    ada.press("open-settings");
    page.keyboard().press("Escape");
    ada.press("layout");
    ada.press("layout");
    page.locator(".tile").nth(3).hover();
    page.locator(".tile").nth(3).locator("[data-action=pin]").click();
    page.keyboard().press("m");
    eventually(
        "interactions",
        () -> ada.evaluate("window.interactions.size"),
        count -> Integer.parseInt(count) >= buttons.size());
    System.out.println(
        "interaction to next paint with 16 tiles, ms (waited + handled): "
            + ada.evaluate(
                "[...window.interactions.values()].sort((a, b) => b.duration - a.duration)"
                    + ".map(({ text }) => text).join(', ')"));
  }
}
