package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.signaling.browser.Sight.Tile;

/// A server that goes away in mid-call and comes back: everybody is in the room again, as who they
/// were and where they sat.
@Tag("browser")
@ExtendWith(CallExtension.class)
class RestartBrowserTest {
  private static final String[] OTHERS = {"Grace", "Linus", "Barbara"};

  /// Who sits where: `name=seat` of each picture, in the order of the tiles on the page.
  private static final String SEATS =
      """
      plenum.stats().then(({ receive }) =>
        [...document.querySelectorAll('[data-testid=tile]')]
          .map(({ ariaLabel, dataset }) => `${ariaLabel}=${receive[dataset.participant]?.camera?.seat}`)
          .join())""";

  /// A socket to nowhere, and how often somebody looked whether there is anything.
  private static final String NOTHING_THERE =
      """
      import('/client/signaling.js').then(({ SignalingSocket }) => {
        window.fetch = () => (window.looks++, Promise.reject(new TypeError('nothing there')));
        window.WebSocket = class {
          constructor() { setTimeout(() => this.onclose?.(), 10); }
          close() {}
        };
        new SignalingSocket('ws://127.0.0.1/ws', { onOpen() {}, onMessage() {}, onLost() {} }).connect();
      })""";

  /// When the picture of everybody else has begun on the connection of now; the page's own clock.
  private static final String WATCH =
      """
      window.back = new Promise((resolve) => {
        const timer = setInterval(async () => {
          if (plenum.state !== 'connected') return;
          const { receive } = await plenum.stats();
          const all = [...plenum.participants.keys()];
          if (all.length < OTHERS || !all.every((id) => receive[id]?.camera?.framesDecoded > 0)) return;
          clearInterval(timer);
          resolve(Date.now());
        }, 50);
      }), 0""";

  @Test
  void videoComesBackInTheSameRoomAndSeats(Call call) {
    try (Chromium second = Chromium.launch()) {
      ChromiumParticipant ada = call.join("Ada");
      call.join("Grace");
      ada.seesAndHears("Grace");
      for (String name : List.of("Linus", "Barbara")) {
        ChromiumParticipant other = call.enter(name, second.browser());
        other.page().navigate(call.address(name, Call.SMALL));
        ada.sees(name, sight -> sight.shows(name));
      }
      ada.seesAndHears(OTHERS);
      restart(call, ada);
      List.copyOf(call.participants()).subList(2, 4).forEach(call::left);
    }
  }

  private static void restart(Call call, ChromiumParticipant ada) {
    ada.page().locator("[data-testid=tile] [data-action=pin]").nth(1).click();
    Sight before = ada.sight();
    String seats = ada.evaluate(SEATS);

    call.stopServer();
    ada.sees("the loss", sight -> sight.state().equals("reconnecting"));
    ada.evaluate(WATCH.replace("OTHERS", String.valueOf(OTHERS.length)));
    // The pauses between attempts have grown by then.
    ada.sees("four attempts in vain", sight -> sight.sockets() >= 5);
    call.startServer();
    long listens = System.currentTimeMillis();
    long back = Math.round(Double.parseDouble(ada.evaluate("window.back"))) - listens;
    System.out.println("video of " + OTHERS.length + " others after " + back + " ms");

    Sight after = ada.seesAndHears(OTHERS);
    assertEquals(seats, ada.evaluate(SEATS));
    assertEquals(before.participant(), after.participant());
    assertEquals(
        before.tiles().stream().map(Tile::participant).toList(),
        after.tiles().stream().map(Tile::participant).toList());
    assertEquals(
        "Linus", ada.page().locator("#screens > [data-testid=tile]").getAttribute("aria-label"));
    for (ChromiumParticipant participant : call.participants()) {
      assertEquals(0, participant.sight().ghosts());
    }
  }

  /// To the others who reloads has never been away: they do not say it by themselves.
  @Test
  void whoReloadsDuringARestartIsToldWhoseHandIsUpAndWhoIsMuted(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    ada.press("hand");
    grace.isTold("Ada raised a hand");
    ada.press("mic");
    grace.seesTile("Ada", "muted", Tile::soundOff);
    call.stopServer();
    grace.page().navigate("about:blank");
    call.startServer();
    ada.sees("the call", sight -> sight.state().equals("connected"));
    grace.page().navigate(call.address("Grace", Call.SMALL));
    grace.seesTile("Ada", "muted still", tile -> tile.soundOff() && tile.withPicture());
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertThat(grace.page().locator("[data-testid=tile] .raised")).isVisible();
  }

  /// By the page's own clock, which the test winds.
  @Test
  void aServerThatStaysAwayIsLookedForLessAndLess(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().clock().install();
    ada.page().navigate(call.base());
    ada.evaluate(NOTHING_THERE);
    int eager = looks(ada, 30_000);
    ada.page().clock().fastForward(600_000);
    int patient = looks(ada, 30_000);
    assertTrue(eager > 3 * patient, eager + " looks at first, " + patient + " later");
    assertTrue(patient > 0, "no look after ten minutes");
    ada.page().context().setOffline(true);
    assertEquals(0, looks(ada, 30_000));
  }

  private static int looks(ChromiumParticipant participant, long millis) {
    participant.evaluate("window.looks = 0");
    participant.page().clock().runFor(millis);
    return Integer.parseInt(participant.evaluate("window.looks"));
  }

  /// Whoever was in the call and does not come back is gone after a while.
  @Test
  void whoDoesNotComeBackIsNotWaitedForForEver(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    call.stopServer();
    ada.sees("the loss", sight -> sight.state().equals("reconnecting"));
    call.left(grace);
    call.startServer();
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.isTold("Grace left");
    assertEquals(List.of(), ada.sight().tiles());
  }
}
