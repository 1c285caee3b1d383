package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// How the call is laid out, and that it can be used by keyboard and by screen readers.
@Tag("browser")
@ExtendWith(CallExtension.class)
class LayoutBrowserTest {
  private static final String IN_WINDOW =
      "document.pictureInPictureElement?.closest('.tile').ariaLabel ?? 'nobody'";

  private static final String LARGE = "#screens > [data-testid=tile]";

  private static final String TELL =
      """
      import('/ui/notices.js').then(({ notice, alertUser }) => {
        alertUser('A moderator muted your microphone, and says so at some length.');
        for (const n of [1, 2, 3]) notice(`The server restarts within ${n} minutes. The call comes back by itself.`);
        document.querySelectorAll('.toasts p').forEach((element) => (element.style.pointerEvents = 'auto'));
      })""";

  /// What lies on top in the middle of each text, and of the button that closes the panel.
  private static final String TOLD_IS_SEEN =
      """
      (() => {
        const onTop = (element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        };
        const told = [...document.querySelectorAll('.toasts p')];
        const close = document.getElementById('panel-close');
        return `${told.length === 4 && told.every(onTop) ? 'seen' : 'hidden'}, close ${onTop(close) ? 'seen' : 'hidden'}`;
      })()""";

  @Test
  void aTileIsLargeWhileItSpeaksOrIsPinned(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();

    page.getByTestId("layout").click();
    assertThat(page.locator(LARGE)).hasCount(1);
    ada.seesAndHears("Grace");
    page.getByTestId("layout").click();
    assertThat(page.locator(LARGE)).hasCount(0);

    Locator pin = page.locator("[data-testid=tile] [data-action=pin]");
    pin.focus();
    pin.press("Enter");
    assertThat(page.locator(LARGE)).hasCount(1);
    assertThat(pin).hasAttribute("aria-pressed", "true");
    ada.seesAndHears("Grace");
    Looks.take(ada, "pinned");
    grace.press("leave");
    assertThat(page.locator(LARGE)).hasCount(0);
  }

  @Test
  void aTileFillsTheScreenOrAWindowOfItsOwn(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();
    page.getByTestId("tile").hover();
    page.locator("[data-testid=tile] [data-action=full]").click();
    eventually(
        "the tile alone",
        () -> ada.evaluate("document.fullscreenElement?.dataset.testid"),
        "tile"::equals);
    ada.evaluate("document.exitFullscreen()");
    eventually(
        "the page again", () -> ada.evaluate("String(document.fullscreenElement)"), "null"::equals);
    page.getByTestId("tile").hover();
    page.locator("[data-testid=tile] [data-action=pip]").click();
    eventually("Grace in a window", () -> ada.evaluate(IN_WINDOW), "Grace"::equals);
    ada.seesAndHears("Grace");
    page.locator("[data-testid=tile] [data-action=pip]").click();
    eventually("no window", () -> ada.evaluate(IN_WINDOW), "nobody"::equals);
    ada.seesAndHears("Grace");
  }

  @Test
  void keysDoWhatButtonsDoUnlessOneIsTyping(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();

    page.keyboard().press("m");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);
    page.keyboard().press("c");
    assertThat(page.getByTestId("chat-text")).isFocused();
    page.keyboard().type("mmm");
    assertThat(page.getByTestId("chat-text")).hasValue("mmm");
    page.keyboard().press("Escape");
    assertThat(page.getByTestId("chat")).isHidden();
    assertThat(page.getByTestId("open-chat")).isFocused();
    page.keyboard().press("?");
    assertThat(page.getByTestId("shortcuts")).isVisible();
    page.keyboard().press("Escape");
    page.keyboard().press("m");
    grace.seesTile("Ada", "not muted", tile -> !tile.soundOff());
  }

  @Test
  void anotherMicrophoneGoesOnWhereTheFirstWas(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    int offers = ada.sight().offers();
    ada.press("more");
    ada.press("open-settings");
    SelectOption second = new SelectOption().setLabel("Fake Audio Input 2");
    ada.page().locator("#call-devices-microphone").selectOption(second);
    eventually(
        "the other microphone",
        () -> ada.evaluate("plenum.localTrack('microphone').label"),
        "Fake Audio Input 2"::equals);
    ada.press("settings-close");
    grace.seesAndHears("Ada");
    assertEquals(offers, ada.sight().offers());
  }

  /// On a screen that has no place for both.
  @Test
  void whatIsToldIsSeenWhileAPanelIsOpen(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    Page page = ada.page();
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.press("open-chat");
    for (int width : List.of(320, 600, 900)) {
      page.setViewportSize(width, 700);
      ada.evaluate(TELL);
      assertEquals("seen, close seen", ada.evaluate(TOLD_IS_SEEN), "at " + width);
      ada.screenshot("told-" + width);
      ada.evaluate(
          "document.querySelectorAll('.toasts').forEach((list) => list.replaceChildren())");
    }
  }

  @Test
  void nobodyIsShutOut(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    ada.seesAndHears("Grace");
    Page page = ada.page();
    for (String panel : List.of("open-chat", "open-people")) {
      ada.press(panel);
      assertEquals(List.of(), Axe.violations(page), panel);
      Looks.take(ada, panel);
    }
    ada.press("panel-close");
    ada.press("hand");
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "call");
    for (String dialog : List.of("settings", "shortcuts")) {
      ada.press("more");
      ada.press("open-" + dialog);
      assertEquals(List.of(), Axe.violations(page), dialog);
      page.keyboard().press("Escape");
    }
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertEquals(List.of(), Axe.violations(page), "dark");
  }
}
