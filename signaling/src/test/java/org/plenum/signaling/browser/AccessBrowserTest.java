package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// The page on a server that asks for tokens.
@Tag("browser")
class AccessBrowserTest {
  private static final String SPEAK =
      "import('/i18n/i18n.js').then(({ setLanguage }) => setLanguage('%s'))";

  /// What guests of the invitation that is for many may publish, and for how long it is good.
  private static final String LATEST =
      """
      fetch('/api/v1/rooms/lobby/invitations', { headers: { Authorization: `Bearer ${plenum.token}` } })
        .then((answer) => answer.json()).then(({ invitations }) => {
          const { publish, expires } = invitations.find(({ once }) => !once);
          const minutes = (Date.parse(expires) - Date.now()) / 60_000;
          return `${JSON.stringify(publish)} ${minutes > 30 && minutes <= 60 ? 'within the hour' : `for ${minutes} minutes`}`;
        })""";

  @RegisterExtension
  static final CallExtension CALLS =
      new CallExtension(
          () ->
              ServerConfig.forTests()
                  .with(
                      new ServerConfig.Auth(
                          List.of(new ApiKey("one", Forge.SECRET)), "", 30, false)));

  /// What breaks the policy is an error on the console.
  @Test
  void anInvitationLetsInAndNothingBreaksTheContentPolicy(Call call) {
    ChromiumParticipant ada = invited(call, "Ada");
    ChromiumParticipant grace = invited(call, "Grace");
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
  }

  @Test
  void whoWasNotInvitedIsToldSo(Call call) {
    ChromiumParticipant eve = call.join("Eve");
    assertThat(eve.page().getByTestId("error")).containsText("invited");
    assertThat(eve.page().getByTestId("open")).isHidden();
    assertThat(eve.page().getByTestId("lobby-link")).isHidden();
    assertEquals(List.of(), Axe.violations(eve.page()));
    Looks.take(eve, "refused");
  }

  /// A proxy answers in its place, once.
  @Test
  void aServerWhoseFirstWordIsLostIsAskedAgain(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    var asked = new AtomicInteger();
    ada.page()
        .route(
            "**/access.json",
            route -> {
              if (asked.getAndIncrement() == 0) {
                route.fulfill(
                    new Route.FulfillOptions().setContentType("text/html").setBody("<p>Not now"));
              } else {
                route.resume();
              }
            });
    ada.page().navigate(call.base() + "/r/lobby");
    assertThat(ada.page().locator("#lead")).containsText("invit");
    assertThat(ada.page().getByTestId("lobby-link")).isHidden();
  }

  @Test
  void aHostInvitesByLinkAndCodeAndTakesItBack(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Map<String, Object> claims =
        Forge.granting("room", "lobby", "roomJoin", true, "roomAdmin", true);
    claims.put("sub", "Ada");
    ada.page().navigate(call.address("Ada", Call.SMALL) + "#token=" + Forge.hs256(claims));
    Page page = ada.page();
    assertThat(page.locator("#alone")).hasText("Nobody else is here yet. Invite somebody below.");
    ada.press("copy");
    assertEquals(List.of(), Axe.violations(page));
    page.getByTestId("invite-guests").selectOption("one");
    page.getByTestId("invite-name").fill("Grace");
    ada.press("invite-make");
    Locator shown = page.getByTestId("invite-link");
    assertThat(shown).containsText("#token=invite.");
    String link = shown.textContent();
    assertEquals(link, QrReader.read(page.locator("#invite-code").screenshot()));
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "invite");
    assertThat(page.getByTestId("invitation-held")).containsText("0 came");
    ada.evaluate(SPEAK.formatted("zh"));
    assertThat(page.getByTestId("invitation-held")).containsText("已来 0 人");
    ada.screenshot("invite-zh");
    ada.evaluate(SPEAK.formatted("en"));
    ada.press("invite-close");

    ChromiumParticipant grace = call.enter("Grace");
    grace.page().navigate(link);
    grace.page().locator("#name").fill("Nobody");
    grace.press("join");
    ada.seesAndHears("Grace");
    assertThat(grace.page().getByTestId("copy")).isHidden();
    assertThat(grace.page()).hasURL(Pattern.compile("#token=guest\\."));
    grace.page().reload();
    ada.seesAndHears("Grace");
    ChromiumParticipant eve = call.enter("Eve");
    eve.page().navigate(link);
    eve.page().locator("#name").fill("Eve");
    eve.press("join");
    assertThat(eve.page().getByTestId("error").first()).containsText("Ask for a new link");

    ada.press("copy");
    assertThat(page.getByTestId("invitation-held")).containsText("1 came");
    page.getByTestId("invite-guests").selectOption("many");
    page.getByTestId("invite-name").fill("");
    page.getByTestId("invite-may").selectOption("speak");
    page.locator("#invite-time").selectOption("hour");
    ada.press("invite-make");
    assertThat(page.getByTestId("invitation-held")).hasCount(2);
    assertEquals("[\"microphone\"] within the hour", ada.evaluate(LATEST));
    String open = shown.textContent();
    page.getByTestId("invite-revoke").last().click();
    assertThat(page.getByTestId("invitation-held")).hasCount(1);
    assertThat(shown).isHidden();
    eve.page().navigate(open);
    eve.page().reload();
    eve.press("join");
    assertThat(eve.page().getByTestId("error").first()).containsText("Ask for a new link");
  }

  @Test
  void isShownItsOwnNameAsTheOthersAre(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Map<String, Object> claims = Forge.granting("room", "lobby", "roomJoin", true);
    claims.put("name", "Countess Lovelace");
    ada.page().navigate(call.address("Ada", Call.SMALL) + "#token=" + Forge.hs256(claims));
    assertThat(ada.page().getByTestId("self")).containsText("Countess Lovelace (you)");
    ada.press("open-people");
    assertThat(ada.page().getByTestId("person")).containsText("Countess Lovelace (you)");
  }

  @Test
  void whoMayOnlySpeakIsOfferedNothingElse(Call call) {
    ChromiumParticipant ada = invited(call, "Ada");
    ChromiumParticipant grace = call.enter("Grace");
    Map<String, Object> claims =
        Forge.granting(
            "room", "lobby", "roomJoin", true, "canPublishSources", List.of("microphone"));
    grace.page().navigate(call.address("Grace", Call.SMALL) + "#token=" + Forge.hs256(claims));
    ada.seesTile("Grace", "heard, not seen", tile -> !tile.soundOff() && !tile.withPicture());
    grace.seesAndHears("Ada");
    assertThat(grace.page().getByTestId("mic")).isVisible();
    assertThat(grace.page().getByTestId("cam")).isHidden();
    assertThat(grace.page().getByTestId("share")).isHidden();
    assertThat(grace.page().locator("#alerts p")).hasCount(0);
  }

  private static ChromiumParticipant invited(Call call, String name) {
    ChromiumParticipant participant = call.enter(name);
    Map<String, Object> claims = Forge.granting("room", "lobby", "roomJoin", true);
    claims.put("sub", name);
    participant.page().navigate(call.address(name, Call.SMALL) + "#token=" + Forge.hs256(claims));
    return participant;
  }
}
