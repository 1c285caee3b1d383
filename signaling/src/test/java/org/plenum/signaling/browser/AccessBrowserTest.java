package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ApiKey;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.token.Forge;

/// The page on a server that asks for tokens.
@Tag("browser")
class AccessBrowserTest {
  @RegisterExtension
  static final CallExtension CALLS =
      new CallExtension(
          () ->
              ServerConfig.forTests()
                  .with(
                      new ServerConfig.Auth(
                          List.of(new ApiKey("one", Forge.SECRET)), "", 30, false)));

  @Test
  void anInvitationLetsInAndNothingBreaksTheContentPolicy(Call call) {
    List<String> violations = new ArrayList<>();
    ChromiumParticipant ada = invited(call, "Ada", violations);
    ChromiumParticipant grace = invited(call, "Grace", violations);
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    assertEquals(List.of(), violations);
  }

  @Test
  void whoWasNotInvitedIsToldSo(Call call) {
    ChromiumParticipant eve = call.join("Eve");
    assertThat(eve.page().getByTestId("error")).containsText("invited");
    assertThat(eve.page().getByTestId("open")).isHidden();
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

  private static ChromiumParticipant invited(Call call, String name, List<String> violations) {
    ChromiumParticipant participant = call.enter(name);
    participant
        .page()
        .onConsoleMessage(
            message -> {
              if (message.text().contains("Content Security Policy")) {
                violations.add(message.text());
              }
            });
    Map<String, Object> claims = Forge.granting("room", "lobby", "roomJoin", true);
    claims.put("sub", name);
    participant.page().navigate(call.address(name, Call.SMALL) + "#token=" + Forge.hs256(claims));
    return participant;
  }
}
