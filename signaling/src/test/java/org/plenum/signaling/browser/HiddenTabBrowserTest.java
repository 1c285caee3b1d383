package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A page that nobody looks at asks for sound only.
@Tag("browser")
@ExtendWith(CallExtension.class)
class HiddenTabBrowserTest {
  /// To the tests' browser every page is in front, so the page is told otherwise; what a browser
  /// does by itself to a tab behind others (slower timers) is not shown by this.
  private static final String HIDING =
      """
      let hidden = false;
      Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden });
      window.hide = (value) => {
        hidden = value;
        document.dispatchEvent(new Event('visibilitychange'));
      };""";

  @Test
  void aHiddenPageHearsOnAndSeesAgainWhenItIsShown(Call call) {
    call.join("Grace");
    ChromiumParticipant ada = enter(call);
    ada.seesAndHears("Grace");

    ada.evaluate("window.hide(true)");
    ada.seesTile("Grace", "without a picture", tile -> !tile.withPicture());
    Reception reception = new Reception();
    ada.sees("her sound", sight -> reception.isHeard(sight.tile("Grace")));

    ada.evaluate("window.hide(false)");
    ada.seesAndHears("Grace");
  }

  @Tag("slow")
  @Test
  void aPictureInAWindowOfItsOwnGoesOn(Call call) {
    ChromiumParticipant grace = call.join("Grace");
    ChromiumParticipant linus = call.join("Linus");
    ChromiumParticipant ada = enter(call);
    ada.seesAndHears("Grace", "Linus");
    grace.sees("Linus", sight -> sight.shows("Linus"));
    linus.sees("Grace", sight -> sight.shows("Grace"));
    ada.page().locator("[aria-label=Grace][data-testid=tile]").hover();
    ada.page().locator("[aria-label=Grace][data-testid=tile] [data-action=pip]").click();
    eventually(
        "Grace in a window",
        () -> ada.evaluate("document.pictureInPictureElement?.closest('.tile').ariaLabel"),
        "Grace"::equals);

    ada.evaluate("window.hide(true)");
    ada.seesTile("Linus", "without a picture", tile -> !tile.withPicture());
    ada.seesMoving("Grace");
  }

  private static ChromiumParticipant enter(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(HIDING);
    ada.page().navigate(call.address("Ada", Call.SMALL));
    return ada;
  }
}
