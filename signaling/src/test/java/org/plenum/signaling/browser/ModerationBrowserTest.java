package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// What a moderator can do from the page, and who sees the buttons for it.
@Tag("browser")
class ModerationBrowserTest {
  @RegisterExtension
  static final CallExtension CALLS =
      new CallExtension(
          () ->
              ServerConfig.forTests()
                  .with(
                      new ServerConfig.Auth(
                          List.of(new ApiKey("one", Forge.SECRET)), "", 30, false)));

  @Test
  void aModeratorMutesLocksAndSendsAway(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    ChromiumParticipant grace = join(call, "Grace", false);
    ada.seesAndHears("Grace");
    Page page = ada.page();
    ada.press("open-people");
    grace.press("open-people");
    assertThat(grace.page().getByTestId("person")).hasCount(2);
    assertThat(grace.page().getByTestId("lock")).hasCount(0);
    assertThat(grace.page().getByTestId("moderate-remove")).hasCount(0);

    ada.press("moderate-mute");
    grace.isTold("A moderator muted your microphone.");
    ada.seesTile("Grace", "muted", Sight.Tile::soundOff);
    ada.press("moderate-unmute");
    grace.isTold("A moderator allows your microphone again. It stays off until you turn it on.");
    grace.press("mic");
    ada.seesAndHears("Grace");

    ada.press("lock");
    assertThat(page.getByTestId("lock")).hasText("Unlock the room");
    ChromiumParticipant eve = join(call, "Eve", false);
    assertThat(eve.page().getByTestId("error").first()).hasText("The room is locked.");
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "moderator");

    ada.press("moderate-remove");
    assertThat(page.getByTestId("question")).containsText("Remove Grace?");
    assertThat(page.getByTestId("question-no")).isFocused();
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "remove");
    ada.press("question-no");
    assertThat(page.getByTestId("question")).isHidden();
    ada.seesAndHears("Grace");
    ada.press("moderate-remove");
    ada.press("question-yes");
    assertThat(grace.page().getByTestId("left-reason")).hasText("You were removed from the room.");
    ada.sees("nobody", sight -> sight.tiles().isEmpty());
  }

  @Test
  void aModeratorsMuteOutlastsReloadsAndAnyModeratorLiftsIt(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    ChromiumParticipant grace = join(call, "Grace", false);
    ada.seesAndHears("Grace");
    ada.press("open-people");
    ada.press("moderate-mute");
    ada.seesTile("Grace", "muted", Sight.Tile::soundOff);
    Page page = grace.page();
    assertThat(page.getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertThat(page.getByTestId("mic")).hasAttribute("title", "A moderator muted your microphone.");
    assertEquals("false", grace.evaluate("plenum.localTrack('microphone').enabled"));

    page.reload();
    ada.sees(
        "Grace, back and mute", sight -> sight.shows("Grace") && sight.tile("Grace").soundOff());
    assertThat(page.getByTestId("silenced")).containsText("A moderator muted your microphone.");
    assertThat(page.getByTestId("mic")).hasAttribute("aria-pressed", "false");
    page.keyboard().press("m"); // does nothing
    assertThat(page.getByTestId("notice").last()).hasText("A moderator muted your microphone.");
    assertThat(page.getByTestId("mic")).hasAttribute("aria-pressed", "false");
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(grace, "silenced");

    ada.page().reload();
    ChromiumParticipant linus = join(call, "Linus", true);
    linus.sees("Grace", sight -> sight.shows("Grace") && sight.tile("Grace").soundOff());
    grace.press("ask");
    linus.isTold("Grace asks to be heard. Unmute them in the list of participants.");
    assertThat(page.getByTestId("ask")).hasText("You have asked");
    linus.press("open-people");
    assertThat(linus.page().locator("[aria-label='Muted by a moderator']")).hasCount(1);
    linus.press("moderate-unmute");
    assertThat(page.getByTestId("silenced")).isHidden();
    assertThat(page.getByTestId("mic")).hasAttribute("aria-pressed", "false");
    grace.press("mic");
    linus.seesTile("Grace", "heard", tile -> !tile.soundOff());
    linus.seesAndHears("Ada", "Grace");
  }

  @Test
  void aModeratorMutesEverybodyElse(Call call) {
    ChromiumParticipant ada = join(call, "Ada", true);
    ChromiumParticipant grace = join(call, "Grace", false);
    ChromiumParticipant linus = join(call, "Linus", false);
    ada.seesAndHears("Grace", "Linus");
    ada.press("open-people");
    // What fails for one is done for the others.
    String path = "/participants/" + grace.evaluate("plenum.participant");
    QuietConsole.mayRead(
        "Failed to load resource: net::ERR_FAILED at /api/v1/rooms/lobby" + path,
        "the test lets no request through");
    path = "**" + path;
    ada.page().route(path, route -> route.abort());
    ada.press("mute-all");
    linus.isTold("A moderator muted your microphone.");
    assertThat(grace.page().getByTestId("mic")).hasAttribute("aria-pressed", "true");
    ada.page().unroute(path);
    ada.press("mute-all");
    grace.isTold("A moderator muted your microphone.");
    assertThat(ada.page().getByTestId("mute-all")).hasCount(0);
    assertThat(ada.page().getByTestId("moderate-unmute")).hasCount(2);
    assertThat(ada.page().getByTestId("mic")).hasAttribute("aria-pressed", "true");
    Looks.take(ada, "muted-all");
  }

  private static ChromiumParticipant join(Call call, String name, boolean moderator) {
    ChromiumParticipant participant = call.enter(name);
    Map<String, Object> claims =
        Forge.granting("room", "lobby", "roomJoin", true, "roomAdmin", moderator);
    claims.put("sub", name);
    participant.page().navigate(call.address(name, Call.SMALL) + "#token=" + Forge.hs256(claims));
    return participant;
  }
}
