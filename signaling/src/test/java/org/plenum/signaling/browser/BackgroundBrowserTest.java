package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Another background, by the vendored library, under the page's own content policy.
@Tag("browser")
@ExtendWith(CallExtension.class)
class BackgroundBrowserTest {
  private static final String RULE =
      "import('/ui/background.js').then((module) => void (module.LEAST_RATE.frames = %d))";

  /// Whether the middle of Ada's picture, as Grace sees it, is green: what the fake camera shows.
  private static final String GREEN =
      """
      (() => {
        const video = document.querySelector('[data-testid=tile] video');
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 1;
        const context = canvas.getContext('2d');
        if (!video?.videoWidth) return 'nothing';
        context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 2, 0, 0, 1, 1);
        const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
        return green > red + 40 && green > blue + 40 ? 'green' : 'other';
      })()""";

  @Test
  void aPictureStandsBehindThePersonUnlessTheMachineIsTooSlow(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    Page page = ada.page();
    List<String> loaded = new CopyOnWriteArrayList<>();
    page.onResponse(response -> loaded.add(response.url()));
    assertTrue(loaded.stream().noneMatch(url -> url.contains("vendor/selfie")), loaded::toString);
    assertEquals("green", grace.evaluate(GREEN));

    // Without a graphics card no machine keeps 20 frames a second.
    ada.evaluate(RULE.formatted(0));
    ada.press("cam-more");
    assertEquals(List.of(), Axe.violations(page));
    page.getByTestId("cam-devices-background").selectOption("dawn");
    eventually("mountains", () -> grace.evaluate(GREEN), "other"::equals);
    assertTrue(loaded.stream().allMatch(url -> url.startsWith(call.base())), loaded::toString);
    ada.screenshot("background");

    ada.evaluate(RULE.formatted(1000));
    ada.isTold("This device is too slow for another background: your camera is shown as it is.");
    eventually("the camera", () -> grace.evaluate(GREEN), "green"::equals);
    assertThat(page.getByTestId("cam-devices-background")).hasValue("none");
    ada.press("cam");
    grace.seesTile("Ada", "without a picture", tile -> !tile.withPicture());
    ada.press("cam");
    grace.seesAndHears("Ada");
  }
}
