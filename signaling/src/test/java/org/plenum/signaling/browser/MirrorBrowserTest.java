package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The page from right to left, and in every language that there is.
@Tag("browser")
@ExtendWith(CallExtension.class)
class MirrorBrowserTest {
  /// Where the panel, the name on a tile and the first button stand: not where they usually do.
  private static final String SIDES =
      """
      (() => {
        const middle = ({ left, right }) => (left + right) / 2;
        const box = (selector) => document.querySelector(selector).getBoundingClientRect();
        const tile = box('[data-testid=tile]');
        const panel = middle(box('#panel')) < innerWidth / 2;
        const name = middle(box('[data-testid=tile] footer')) > middle(tile);
        const mic = middle(box('#mic')) > middle(box('#leave'));
        return [panel, name, mic].join();
      })()""";

  private static final String OVERFLOW =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  @Test
  void thePageStandsForBeingReadFromRightToLeft(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().navigate(call.address("Ada", Call.SMALL) + "&lang=mirror");
    call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();
    assertThat(page.locator("html")).hasAttribute("dir", "rtl");
    ada.press("open-people");
    assertThat(page.getByTestId("people")).isVisible();
    assertEquals("true,true,true", ada.evaluate(SIDES));
    assertEquals(List.of(), Axe.violations(page));
    for (int[] size : new int[][] {{360, 740}, {740, 360}, {1280, 800}}) {
      page.setViewportSize(size[0], size[1]);
      eventually("no overflow at " + size[0], () -> ada.evaluate(OVERFLOW), "0"::equals);
      ada.screenshot("mirror-" + size[0]);
    }
  }

  @Test
  void everyLanguageIsSpokenAndFits(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.TINY);
    ada.sees("the call", sight -> sight.state().equals("connected"));
    Page page = ada.page();
    for (String language : List.of("de", "es", "fr", "pt", "ja", "zh", "en")) {
      ada.press("more");
      ada.press("open-settings");
      page.locator("#call-language").selectOption(language);
      assertThat(page.locator("html"))
          .hasAttribute("lang", language.equals("zh") ? "zh-Hans" : language);
      page.setViewportSize(360, 740);
      ada.screenshot("settings-" + language);
      ada.press("settings-close");
      eventually("no overflow in " + language, () -> ada.evaluate(OVERFLOW), "0"::equals);
      page.setViewportSize(1280, 720);
    }
  }
}
