package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The page without a mouse.
@Tag("browser")
@ExtendWith(CallExtension.class)
class KeyboardBrowserTest {
  private static final String SECOND_MICROPHONE = "Fake Audio Input 2";

  /// From the empty form to the page after the call.
  @Test
  void aFirstCallIsHeldByKeyboardAlone(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    var keyboard = new Keyboard(ada);
    page.navigate(call.base() + "/?video=" + Call.SMALL);
    assertThat(page.locator("#room")).isFocused();
    keyboard.seesFocus();
    keyboard.type("lobby");
    keyboard.tabTo("name");
    keyboard.type("Ada");

    // Devices.
    keyboard.tabTo("preview-cam");
    assertThat(page.locator("#preview-cam")).hasAttribute("aria-pressed", "true");
    keyboard.press("Space");
    assertThat(page.locator("#preview-cam")).hasAttribute("aria-pressed", "false");
    keyboard.press("Space");
    assertThat(page.locator("#preview-cam")).hasAttribute("aria-pressed", "true");
    keyboard.tabTo("lobby-devices-microphone");
    eventually(
        "the second microphone",
        () -> {
          keyboard.press("ArrowDown");
          return ada.evaluate(
              "document.getElementById('lobby-devices-microphone').selectedOptions[0].label");
        },
        SECOND_MICROPHONE::equals);

    keyboard.tabTo("join");
    keyboard.press("Enter");
    assertThat(page.locator("#room-title")).isFocused();
    keyboard.seesFocus();
    ada.seesAndHears("Grace");
    eventually(
        "the microphone that was chosen",
        () -> ada.evaluate("plenum.localTrack('microphone').label"),
        SECOND_MICROPHONE::equals);

    keyboard.tabTo("mic");
    keyboard.press("Space");
    grace.seesTile("Ada", "muted", Sight.Tile::soundOff);

    keyboard.tabTo("open-chat");
    keyboard.press("Enter");
    assertThat(page.getByTestId("chat-text")).isFocused();
    keyboard.seesFocus();
    keyboard.type("Good morning");
    keyboard.press("Enter");
    grace.isTold("Ada: Good morning");
    keyboard.press("Escape");
    assertThat(page.getByTestId("open-chat")).isFocused();
    keyboard.seesFocus();

    keyboard.tabTo("more");
    keyboard.press("Enter");
    keyboard.tabTo("open-settings");
    keyboard.press("Enter");
    assertThat(page.getByTestId("settings")).isVisible();
    keyboard.tabTo("self-view");
    keyboard.press("ArrowDown");
    assertThat(page.locator("#self-corner")).isVisible();
    keyboard.press("Escape");
    assertThat(page.getByTestId("settings")).isHidden();
    assertThat(page.getByTestId("more")).isFocused();
    keyboard.seesFocus();

    keyboard.tabTo("hand");
    keyboard.press("Space");
    grace.isTold("Ada raised a hand");

    keyboard.tabTo("leave");
    keyboard.press("Enter");
    grace.isTold("Ada left");
    assertThat(page.getByTestId("rejoin")).isFocused();
    keyboard.seesFocus();
  }

  @Test
  void everyButtonOfTheCallIsReached(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    call.join("Grace");
    ada.seesAndHears("Grace");
    var keyboard = new Keyboard(ada);
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      reached.add(keyboard.tab());
    }
    for (String button :
        List.of(
            "mic",
            "mic-more",
            "cam",
            "cam-more",
            "share",
            "hand",
            "react",
            "open-chat",
            "open-people",
            "more",
            "leave",
            "pin",
            "full",
            "layout",
            "fullscreen")) {
      assertTrue(reached.contains(button), button + " in " + reached);
    }
  }
}
