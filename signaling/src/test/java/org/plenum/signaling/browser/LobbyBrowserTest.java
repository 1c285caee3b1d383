package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.SelectOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The page before the call.
@Tag("browser")
@ExtendWith(CallExtension.class)
class LobbyBrowserTest {
  private static final String SECOND_MICROPHONE = "Fake Audio Input 2";
  private static final String LEVEL = "document.getElementById('level').ariaValueNow";
  private static final String CHOSEN =
      "document.getElementById('lobby-devices-microphone').selectedOptions[0]?.label ?? ''";

  @Test
  void devicesAreCheckedAndRememberedForTheNextTime(Call call) {
    ChromiumParticipant ada = atTheDoor(call, List.of("camera", "microphone"));
    Page page = ada.page();
    // The microphone that Chromium makes up beeps.
    eventually("a level", () -> ada.evaluate(LEVEL), level -> Integer.parseInt(level) > 0);
    assertThat(page.locator("#preview")).isVisible();
    assertThat(page.getByTestId("lobby-link")).containsText("/?room=lobby");

    page.locator("#lobby-devices-microphone")
        .selectOption(new SelectOption().setLabel(SECOND_MICROPHONE));
    page.locator("#mirror").uncheck();
    page.locator("#name").fill("Ada <b>Lovelace</b>");
    Locator tone = page.getByTestId("lobby-devices-tone");
    tone.click();
    assertThat(tone).isEnabled();
    ada.press("join");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    assertEquals(SECOND_MICROPHONE, ada.evaluate("plenum.localTrack('microphone').label"));
    ada.press("leave");
    page.reload();

    eventually("the second microphone", () -> ada.evaluate(CHOSEN), SECOND_MICROPHONE::equals);
    assertThat(page.locator("#mirror")).not().isChecked();
    assertThat(page.locator("#name")).hasValue("Ada <b>Lovelace</b>");
    Looks.take(ada, "lobby");
  }

  @Test
  void whoRefusedIsShownHowToAllow(Call call) {
    ChromiumParticipant ada = atTheDoor(call, List.of());
    Locator help = ada.page().getByTestId("permission-help");
    assertThat(help).isVisible();
    help.locator("summary").click();
    assertThat(help.locator("li")).hasCount(3);
    assertEquals(List.of(), Axe.violations(ada.page()));
    ada.screenshot("lobby-refused");
    seesJoin(ada.page());
    for (int[] size : new int[][] {{360, 740}, {740, 360}}) {
      ada.page().setViewportSize(size[0], size[1]);
      ada.page().reload();
      assertThat(help).isVisible();
      ada.evaluate("document.getElementById('permission-help').open = true");
      seesJoin(ada.page());
      ada.screenshot("lobby-refused-" + size[0]);
    }
  }

  private static void seesJoin(Page page) {
    BoundingBox join = page.getByTestId("join").boundingBox();
    assertTrue(join.y >= 0, "Join begins at " + join.y);
    double end = join.y + join.height;
    assertTrue(end <= page.viewportSize().height, "Join ends at " + end);
  }

  @Test
  void onlyWhoRunsTheServerIsToldOfDevelopmentMode(Call call) {
    ChromiumParticipant ada = atTheDoor(call, List.of());
    assertThat(ada.page().getByTestId("open")).isVisible();
    ada.page().navigate(call.base().replace("127.0.0.1", "meet.localhost") + "/?room=lobby");
    assertThat(ada.page().locator("#lead")).containsText("Whoever has its name can join");
    assertThat(ada.page().getByTestId("open")).isHidden();
  }

  @Test
  void thePageSpeaksChineseWhenAsked(Call call) {
    ChromiumParticipant ada = atTheDoor(call, List.of("camera", "microphone"));
    ada.page().getByTestId("language").selectOption("zh");
    assertThat(ada.page().getByTestId("join")).hasText("加入");
    assertThat(ada.page().locator("html")).hasAttribute("lang", "zh-Hans");
    ada.page().reload();
    assertThat(ada.page().getByTestId("join")).hasText("加入");
    assertEquals(List.of(), Axe.violations(ada.page()));
  }

  /// A key that only one language has would be shown as it is.
  @Test
  void everyTextIsThereInEveryLanguage(Call call) {
    ChromiumParticipant ada = atTheDoor(call, List.of());
    String keys =
        """
        Promise.all(['en', 'zh'].map((code) => import(`/i18n/${code}.js`)))
          .then((texts) => JSON.stringify(texts.map(({ default: t }) => Object.keys(t).sort())))
          .then((json) => JSON.parse(json))
          .then(([en, zh]) => [...en.filter((key) => !zh.includes(key)),
            ...zh.filter((key) => !en.includes(key))].join())""";
    assertEquals("", ada.evaluate(keys));
    String used =
        """
        [...document.querySelectorAll('[data-i18n], [data-i18n-attr]')].length""";
    assertTrue(Integer.parseInt(ada.evaluate(used)) > 40);
  }

  private static ChromiumParticipant atTheDoor(Call call, List<String> permissions) {
    ChromiumParticipant ada = call.enter("Ada", permissions);
    ada.page().navigate(call.base() + "/?room=lobby");
    return ada;
  }
}
