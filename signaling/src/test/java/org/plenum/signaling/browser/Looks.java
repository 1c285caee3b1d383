package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;

/// Pictures of a page on a phone, upright and on its side, on a desk, on a wide screen and on a
/// wall; light and dark; in English, in Chinese, and in English from right to left. They are for
/// somebody to look at: `-Dplenum.looks=all` takes all of them, else a few are taken.
final class Looks {
  private record Screen(int width, int height) {
    static final List<Screen> ALL =
        List.of(
            new Screen(360, 740),
            new Screen(740, 360),
            new Screen(1280, 800),
            new Screen(1920, 1080),
            new Screen(2560, 1440));

    static final List<Screen> FEW = List.of(new Screen(360, 740), new Screen(1280, 800));
  }

  private static final boolean TAKE_ALL = "all".equals(System.getProperty("plenum.looks"));

  private static final List<String> OTHER_LANGUAGES = List.of("zh", "mirror");

  private static final String OVERFLOW =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  private static final String SPEAK =
      "import('/i18n/i18n.js').then(({ setLanguage }) => setLanguage('%s'))";

  private static final String SPOKEN =
      "import('/i18n/i18n.js').then(({ language }) => document.dir === 'rtl' ? 'mirror' : language())";

  private Looks() {}

  /// Fails if the page is wider than a screen, in one of these languages.
  static void take(ChromiumParticipant participant, String name) {
    for (Screen screen : Screen.ALL) {
      fits(participant, screen);
      picture(participant, name, screen, ColorScheme.LIGHT);
      if (TAKE_ALL || Screen.FEW.contains(screen)) {
        picture(participant, name, screen, ColorScheme.DARK);
      }
    }
    String before = participant.evaluate(SPOKEN);
    for (String language : OTHER_LANGUAGES) {
      participant.evaluate(SPEAK.formatted(language));
      for (Screen screen : TAKE_ALL ? Screen.ALL : Screen.FEW) {
        fits(participant, screen);
        if (TAKE_ALL) {
          picture(participant, name + "-" + language, screen, ColorScheme.LIGHT);
        }
      }
    }
    participant.evaluate(SPEAK.formatted(before));
    participant.page().setViewportSize(1280, 720);
  }

  private static void fits(ChromiumParticipant participant, Screen screen) {
    participant.page().setViewportSize(screen.width(), screen.height());
    eventually("a page no wider than " + screen, () -> participant.evaluate(OVERFLOW), "0"::equals);
  }

  private static void picture(
      ChromiumParticipant participant, String name, Screen screen, ColorScheme scheme) {
    Page page = participant.page();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    participant.screenshot(
        name + "-" + screen.width() + "-" + scheme.name().toLowerCase(Locale.ROOT));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }
}
