package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;

/// Pictures of a page on a phone, a desk and a wall, light and dark, for somebody to look at.
final class Looks {
  private record Screen(int width, int height) {}

  private static final List<Screen> SCREENS =
      List.of(new Screen(360, 740), new Screen(1280, 720), new Screen(2560, 1440));

  private static final String OVERFLOW =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  private Looks() {}

  /// Fails if the page is wider than a screen.
  static void take(ChromiumParticipant participant, String name) {
    Page page = participant.page();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      for (Screen screen : SCREENS) {
        page.setViewportSize(screen.width(), screen.height());
        eventually(
            "a page no wider than " + screen, () -> participant.evaluate(OVERFLOW), "0"::equals);
        participant.screenshot(
            name + "-" + screen.width() + "-" + scheme.name().toLowerCase(Locale.ROOT));
      }
    }
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    page.setViewportSize(1280, 720);
  }
}
