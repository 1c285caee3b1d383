package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A call of four as people see it, in both languages, light and dark.
@Tag("browser")
@ExtendWith(CallExtension.class)
class GalleryBrowserTest {
  private static final List<String> VIEWS = List.of("open-chat", "open-people");

  @Test
  void aCallOfFourIsUsableByEverybodyAndLooksAsItShould(Call call) {
    try (Chromium second = Chromium.launch()) {
      ChromiumParticipant ada = call.join("Ada Lovelace");
      for (String name : List.of("Grace Hopper", "Linus", "李雷")) {
        ChromiumParticipant other = call.enter(name, second.browser());
        other.page().navigate(call.address(name, Call.SMALL));
      }
      ada.seesAndHears("Grace Hopper", "Linus", "李雷");
      ChromiumParticipant linus = call.participants().get(2);
      linus.press("cam");
      linus.press("mic");
      linus.press("hand");
      linus.press("open-chat");
      linus.page().getByTestId("chat-text").fill("Can everybody see the plan? I muted myself.");
      linus.page().getByTestId("chat-text").press("Enter");
      ada.isTold("Linus raised a hand");
      ada.seesTile("Linus", "muted", tile -> tile.soundOff() && !tile.withPicture());

      Looks.take(ada, "four-grid");
      ada.press("layout");
      assertThat(ada.page().locator("#screens > .tile")).hasCount(1);
      Looks.take(ada, "four-speaker");
      ada.press("open-chat");
      ada.page().getByTestId("chat-text").fill("Yes.\nAnd I hear you well.");
      ada.page().getByTestId("chat-text").press("Enter");
      Looks.take(ada, "four-chat");
      ada.press("open-people");
      Looks.take(ada, "four-people");
      ada.press("layout");
      nobodyIsShutOut(ada, "en");
      speakChinese(ada);
      nobodyIsShutOut(ada, "zh");
      ada.press("panel-close");
      Looks.take(ada, "four-zh");
      List.copyOf(call.participants()).subList(1, 4).forEach(call::left);
    }
  }

  private static void speakChinese(ChromiumParticipant participant) {
    Page page = participant.page();
    participant.press("more");
    participant.press("open-settings");
    page.locator("#call-language").first().selectOption("zh");
    participant.press("settings-close");
    assertThat(page.locator("html")).hasAttribute("lang", "zh-Hans");
  }

  private static void nobodyIsShutOut(ChromiumParticipant participant, String language) {
    Page page = participant.page();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      for (String view : VIEWS) {
        participant.press(view);
        if (!page.locator("#panel").isVisible()) {
          participant.press(view);
        }
        assertEquals(List.of(), Axe.violations(page), view + " " + language + " " + scheme);
      }
    }
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }
}
