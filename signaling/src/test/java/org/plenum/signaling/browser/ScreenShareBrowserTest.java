package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("browser")
@ExtendWith(CallExtension.class)
class ScreenShareBrowserTest {
  private static final String PLAYING =
      """
      (() => {
        const video = document.querySelector('#screens [data-testid=screen] video');
        return video !== null && video.videoWidth > 0 && video.currentTime > 0.3;
      })()""";

  @Test
  void aSharedScreenTakesTheRoomUntilItEnds(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    try (Chromium sharing =
        Chromium.launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")) {
      ChromiumParticipant grace = call.enter("Grace", sharing.browser());
      grace.page().navigate(call.address("Grace", Call.SMALL));
      ada.seesAndHears("Grace");

      grace.press("share");
      grace.isTold("You are sharing your screen");
      eventually("a screen that plays", () -> ada.evaluate(PLAYING), "true"::equals);
      long heard = packets(ada);
      eventually("its sound", () -> packets(ada), now -> now - heard >= 20);
      ada.seesAndHears("Grace");
      Looks.take(ada, "screen-share");
      Locator layout = ada.page().getByTestId("layout");
      assertThat(layout).hasAttribute("aria-label", "Show all in a grid");
      layout.click();
      assertThat(ada.page().locator("#screens > .tile")).hasCount(0);
      assertThat(ada.page().locator("#grid > .tile")).hasCount(3);
      assertThat(layout).hasAttribute("aria-label", "Show the screen large");
      layout.click();
      assertThat(ada.page().locator("#screens > .tile")).hasCount(1);
      eventually("the screen goes on", () -> ada.evaluate(PLAYING), "true"::equals);

      grace.press("share");
      assertThat(ada.page().getByTestId("screen")).hasCount(0);
      assertThat(layout).hasAttribute("aria-label", "Show the speaker large");
      eventually("no packets any more", () -> packets(ada), now -> now == 0);
      ada.seesAndHears("Grace");
      call.left(grace);
    }
  }

  /// Of the sound that came with the screen; Chromium makes it up, as it does the screen.
  private static long packets(ChromiumParticipant participant) {
    return Long.parseLong(
        participant.evaluate(
            """
            plenum.stats().then(({ receive }) =>
              Object.values(receive)[0]['screen-audio']?.packetsReceived ?? 0)"""));
  }
}
