package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("browser")
@ExtendWith(CallExtension.class)
class StatisticsBrowserTest {
  /// Whether something was drawn: some pixel of the first chart is not empty.
  private static final String DRAWN =
      """
      (() => {
        const canvas = document.querySelector('[data-figure=bitrate] canvas');
        if (!canvas) return false;
        const { width, height } = canvas;
        return canvas.getContext('2d').getImageData(0, 0, width, height).data.some((byte) => byte);
      })()""";

  @Test
  void everyTrackIsDrawnAndSavedAsJson(Call call) throws IOException {
    ChromiumParticipant ada = call.join("Ada", "640x360@10");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    Page page = ada.page();
    page.keyboard().press("t");
    eventually("a chart", () -> ada.evaluate(DRAWN), "true"::equals);
    assertThat(page.locator("[data-figure=bitrate] .received")).containsText("kbit/s");
    page.getByTestId("statistics-of").selectOption(new SelectOption().setLabel("Grace: camera"));
    assertThat(page.locator("[data-figure=frames] .value")).containsText("fps");
    assertThat(page.locator("#statistics > .soft")).containsText("VP8 · 320 × 180");
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "statistics");

    Download download = page.waitForDownload(() -> page.getByTestId("statistics-export").click());
    JsonNode saved = new ObjectMapper().readTree(download.path().toFile());

    assertEquals("plenum-statistics", saved.get("format").asText());
    JsonNode total = series(saved, "total", null);
    assertTrue(total.get("bitrate").asDouble() > 0, total.toString());
    assertTrue(total.get("sendBitrate").asDouble() > 0, total.toString());
    assertTrue(total.get("roundTrip").asDouble() >= 0, total.toString());
    JsonNode camera = series(saved, "receive", "camera");
    assertEquals(180, camera.get("height").asInt(), camera.toString());
    assertTrue(camera.get("frames").asDouble() > 0, camera.toString());
    String layers = series(saved, "send", "camera").get("layers").asText();
    assertTrue(layers.contains("h"), layers);
    assertEquals("audio/opus", series(saved, "receive", "microphone").get("codec").asText());
    assertTrue(saved.get("series").get(0).get("samples").size() > 3);
  }

  /// The latest sample of a track.
  private static JsonNode series(JsonNode saved, String direction, String source) {
    for (JsonNode series : saved.get("series")) {
      boolean isIt = series.get("direction").asText().equals(direction);
      if (isIt && (source == null || series.get("source").asText().equals(source))) {
        JsonNode samples = series.get("samples");
        return samples.get(samples.size() - 1);
      }
    }
    throw new AssertionError("no series of " + direction + " " + source);
  }
}
