package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// Breakout rooms as hosts and everybody else see them.
@Tag("browser")
class BreakoutBrowserTest {
  @RegisterExtension
  static final CallExtension CALLS =
      new CallExtension(
          () ->
              ServerConfig.forTests()
                  .with(
                      new ServerConfig.Auth(
                          List.of(new ApiKey("one", Forge.SECRET)), "", 30, false)));

  @Test
  void aHostSendsPeopleIntoRoomsAndCallsThemBack(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    ChromiumParticipant grace = join(call, "Grace", false);
    ChromiumParticipant linus = join(call, "Linus", false);
    ada.seesAndHears("Grace", "Linus");
    grace.press("open-people");
    assertThat(grace.page().getByTestId("open-breakouts")).isHidden();
    grace.press("panel-close");
    linus.press("mic");
    ada.seesTile("Linus", "muted", Sight.Tile::soundOff);
    String graceId = grace.evaluate("plenum.participant");

    Page host = ada.page();
    ada.press("more");
    ada.press("open-breakouts");
    host.getByTestId("breakouts-count").fill("2");
    ada.press("breakouts-make");
    assertThat(host.getByTestId("breakout-box")).hasCount(3);
    assertThat(host.getByTestId("breakout-person")).hasCount(3);
    // By keyboard, and by dragging.
    Locator choice = host.getByLabel("Room of Grace");
    choice.focus();
    choice.press("ArrowDown");
    assertThat(box(host, "Room 1")).containsText("Grace");
    assertThat(host.getByLabel("Room of Grace")).isFocused();
    person(host, "Linus").dragTo(box(host, "Room 2"));
    assertThat(box(host, "Room 2")).containsText("Linus");
    assertEquals(List.of(), Axe.violations(host));
    Looks.take(ada, "breakouts-made");

    // What is decided is the server's: a reload forgets none of it.
    host.reload();
    ada.seesMoving("Grace");
    ada.press("more");
    ada.press("open-breakouts");
    assertThat(box(host, "Room 2")).containsText("Linus");
    host.getByTestId("breakouts-minutes").fill("5");
    ada.press("breakouts-open");
    assertThat(host.getByTestId("breakouts-left")).containsText("left");
    assertThat(grace.page().getByTestId("breakout")).containsText("You are in Room 1.");
    assertThat(linus.page().getByTestId("breakout")).containsText("You are in Room 2.");
    assertThat(grace.page().locator("#room-title")).hasText("lobby · Room 1");
    assertThat(grace.page().getByTestId("tile")).hasCount(0);
    assertEquals(graceId, grace.evaluate("plenum.participant"));
    assertThat(linus.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertThat(linus.page().getByTestId("cam")).hasAttribute("aria-pressed", "true");
    assertEquals(List.of(), Axe.violations(host));
    assertEquals(List.of(), Axe.violations(grace.page()));
    Looks.take(ada, "breakouts-open");
    Looks.take(grace, "breakout-inside");

    // A host goes after them, and is one there too.
    host.getByText("Go to Room 1").click();
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    ada.press("open-people");
    host.getByTestId("moderate-mute").click();
    assertThat(grace.page().getByTestId("silenced")).isVisible();
    ada.press("panel-close");
    ada.press("more");
    ada.press("open-breakouts");
    host.getByTestId("breakouts-text").fill("Five minutes left");
    host.getByTestId("breakouts-text").press("Enter");
    grace.isTold("To all rooms: Five minutes left");
    linus.isTold("To all rooms: Five minutes left");
    ada.press("breakouts-close");

    // A reload there stays there; whoever wants to comes back alone.
    grace.page().reload();
    assertThat(grace.page().getByTestId("breakout")).containsText("You are in Room 1.");
    ada.seesTile("Grace", "back, muted by a host", Sight.Tile::soundOff);
    linus.press("breakout-back");
    linus.isTold("You are back in lobby");
    assertThat(linus.page().getByTestId("breakout")).containsText("Room 2 waits for you.");
    assertThat(linus.page().getByTestId("tile")).hasCount(0);

    ada.press("more");
    ada.press("open-breakouts");
    ada.press("breakouts-end");
    ada.press("breakouts-close");
    linus.seesMoving("Ada");
    linus.seesMoving("Grace");
    ada.seesMoving("Grace");
    ada.seesMoving("Linus");
    assertThat(grace.page().getByTestId("breakout")).isHidden();
    assertThat(grace.page().getByTestId("silenced")).isVisible();
    assertThat(linus.page().getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertThat(grace.page().locator("#room-title")).hasText("lobby");
    assertTrue(grace.page().url().contains("room=lobby"), grace.page().url());
  }

  @Test
  void chanceAndTimeDoTheRest(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    ChromiumParticipant grace = join(call, "Grace", false);
    ada.seesAndHears("Grace");
    Page host = ada.page();
    ada.press("more");
    ada.press("open-breakouts");
    host.getByTestId("breakouts-count").fill("1");
    ada.press("breakouts-make");
    ada.press("breakouts-random");
    assertThat(box(host, "Room 1")).containsText("Grace");
    assertThat(box(host, "Main room")).containsText("Ada");
    ada.press("breakouts-open");
    assertThat(grace.page().getByTestId("breakout")).containsText("You are in Room 1.");
    // The dialog offers minutes; the API takes seconds.
    host.evaluate(
        """
        import('./plenum-client.js').then(({ Moderation }) =>
          new Moderation('lobby', plenum.token).changeBreakouts({ seconds: 3 }))
        """);
    grace.seesMoving("Ada");
    assertThat(grace.page().getByTestId("breakout")).isHidden();
    assertThat(host.getByTestId("breakout-box")).hasCount(0);
  }

  private static Locator box(Page page, String title) {
    return page.locator("[data-testid=breakout-box]:has(h3:text('" + title + "'))");
  }

  private static Locator person(Page page, String name) {
    return page.getByTestId("breakout-person").filter(new Locator.FilterOptions().setHasText(name));
  }

  private static ChromiumParticipant join(Call call, String name, boolean host) {
    Map<String, Object> claims =
        Forge.granting("room", "lobby", "roomJoin", true, "roomAdmin", host);
    claims.put("sub", name);
    ChromiumParticipant participant = call.enter(name);
    participant.page().navigate(call.address(name, Call.SMALL) + "#token=" + Forge.hs256(claims));
    return participant;
  }
}
