package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.util.Base64;
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

  /// What the upper half of Ada's picture is, as Grace sees it: green is what the fake camera
  // shows.
  private static final String COLOUR =
      """
      (() => {
        const video = document.querySelector('[data-testid=tile] video');
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 1;
        const context = canvas.getContext('2d');
        if (!video?.videoWidth) return 'nothing';
        context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 2, 0, 0, 1, 1);
        const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
        if (red > green + 100 && blue > green + 100) return 'pink';
        return green > red + 40 && green > blue + 40 ? 'green' : 'other';
      })()""";

  /// The most that two pixels beside each other differ in the time at the top of Ada's picture.
  private static final String SHARPNESS =
      """
      (() => {
        const video = document.querySelector('[data-testid=tile] video');
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
        const context = canvas.getContext('2d');
        context.drawImage(video, 0, 0, 320, 180);
        const { data } = context.getImageData(0, 0, 320, 30);
        let most = 0;
        for (let i = 0; i + 4 < data.length; i += 4) {
          if ((i / 4) % 320 !== 319) most = Math.max(most, Math.abs(data[i] - data[i + 4]));
        }
        return most;
      })()""";

  private static final String PINK =
      """
      (() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
        const context = canvas.getContext('2d');
        context.fillStyle = '#f0f';
        context.fillRect(0, 0, 64, 36);
        return canvas.toDataURL('image/png').split(',')[1];
      })()""";

  @Test
  void whatIsBehindThePersonIsChosenUnlessTheMachineIsTooSlow(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    Page page = ada.page();
    List<String> loaded = new CopyOnWriteArrayList<>();
    page.onResponse(response -> loaded.add(response.url()));
    assertTrue(loaded.stream().noneMatch(url -> url.contains("vendor/selfie")), loaded::toString);
    assertEquals("green", grace.evaluate(COLOUR));
    int sharp = Integer.parseInt(grace.evaluate(SHARPNESS));

    // Without a graphics card no machine keeps 20 frames a second.
    ada.evaluate(RULE.formatted(0));
    ada.press("cam-more");
    assertEquals(List.of(), Axe.violations(page));
    page.getByTestId("cam-devices-background").selectOption("blur");
    eventually(
        "a blurred picture",
        () -> grace.evaluate(SHARPNESS),
        now -> Integer.parseInt(now) < sharp / 2);
    assertEquals("green", grace.evaluate(COLOUR));
    page.getByTestId("cam-devices-background").selectOption("dawn");
    eventually("mountains", () -> grace.evaluate(COLOUR), "other"::equals);
    assertTrue(loaded.stream().allMatch(url -> url.startsWith(call.base())), loaded::toString);
    ada.screenshot("background");
    byte[] own = Base64.getDecoder().decode(ada.evaluate(PINK));
    page.locator("#cam-devices input[type=file]")
        .setInputFiles(new FilePayload("own.png", "image/png", own));
    eventually("a picture of her own", () -> grace.evaluate(COLOUR), "pink"::equals);
    assertThat(page.getByTestId("cam-devices-background")).hasValue("own");

    ada.evaluate(RULE.formatted(1000));
    ada.isTold("This device is too slow for another background: your camera is shown as it is.");
    eventually("the camera", () -> grace.evaluate(COLOUR), "green"::equals);
    assertThat(page.getByTestId("cam-devices-background")).hasValue("none");
    ada.press("cam");
    grace.seesTile("Ada", "without a picture", tile -> !tile.withPicture());
    ada.press("cam");
    grace.seesAndHears("Ada");
  }

  @Test
  void aBackgroundThatFailsInTheMiddleLeavesTheCamera(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    grace.seesAndHears("Ada");
    ada.evaluate(RULE.formatted(0));
    ada.press("cam-more");
    ada.page().getByTestId("cam-devices-background").selectOption("dawn");
    eventually("mountains", () -> grace.evaluate(COLOUR), "other"::equals);

    ada.evaluate(
        "void (SelfieSegmentation.prototype.send = () => Promise.reject(new Error('lost')))");

    ada.isTold("The background failed: your camera is shown as it is.");
    eventually("the camera", () -> grace.evaluate(COLOUR), "green"::equals);
    assertThat(ada.page().getByTestId("cam-devices-background")).hasValue("none");
  }
}
