package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@Tag("browser")
@ExtendWith(CallExtension.class)
class StatisticsBrowserTest {
  /// Keeps what is written on canvases.
  private static final String WRITTEN =
      """
      window.written = [];
      const write = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
        if (window.written.length < 1000) window.written.push(text);
        return write.call(this, text, ...where);
      };""";

  /// Whether something was drawn: some pixel of the first chart is not empty.
  private static final String DRAWN =
      """
      (() => {
        const canvas = document.querySelector('[data-figure=bitrate] canvas');
        if (!canvas) return false;
        const { width, height } = canvas;
        return canvas.getContext('2d').getImageData(0, 0, width, height).data.some((byte) => byte);
      })()""";

  /// Of 100 packets that were sent 10 are lost, as either end has counted it; then more than all.
  private static final String LOSS =
      """
      import('/client/samples.js').then(({ sampleOf, serverSampleOf }) => {
        const grown = (packets, lost) => [{ packets, lost, bytes: 1, seconds: 1, now: { kind: 'audio' } }];
        const layers = [{ kind: 'audio' }];
        const send = [sampleOf(0, 'send', layers, grown(100, 10), null), serverSampleOf('send', grown(90, 10), null)];
        const receive =
          [sampleOf(0, 'receive', layers, grown(90, 10), null), serverSampleOf('receive', grown(100, 10), null)];
        const all = serverSampleOf('receive', grown(5, 10), null);
        const text = (samples) => [...new Set(samples.map(({ loss }) => loss))].join(' or ');
        return `send ${text(send)}, receive ${text(receive)}, all lost ${all.loss}`;
      })""";

  /// Whether the page has reported by now.
  private static final String REPORTED = "window.probe.said('report')";

  /// How many packets of each track both ends have counted, in JSON.
  private static final String BOTH =
      """
      (async () => {
        const [browser, server] = await Promise.all([plenum.counters(), plenum.serverCounters()]);
        const total = (list, source) => list.filter((one) => one.source === source)
          .reduce((sum, { packets, probes = 0 }) => sum + packets + probes, 0);
        const counts = [];
        for (const [direction, seen] of [['receive', server.slots], ['send', server.layers]]) {
          for (const source of ['camera', 'microphone']) {
            const both = [browser[direction], seen].map((list) => total(list, source));
            counts.push([`${direction} ${source}`, ...both]);
          }
        }
        return JSON.stringify(counts);
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
    assertThat(page.locator("[data-figure=bitrate] .browser")).containsText("kbit/s");
    assertThat(page.locator("[data-figure=bitrate] .server")).containsText("kbit/s");
    page.getByTestId("statistics-of").selectOption(new SelectOption().setLabel("Grace: camera"));
    assertThat(page.locator("[data-figure=frames] .value")).containsText("fps");
    assertThat(page.locator("#statistics > .soft")).containsText("VP8 · 320 × 180");
    assertThat(page.locator("[data-figure=nacks] .value > .server")).hasCount(1);
    assertThat(page.locator("[data-figure=nacks] .value > .browser")).hasCount(0);
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
    JsonNode server = latestOfServer(saved, "receive", "camera");
    assertTrue(server.get("bitrate").asDouble() > 0, server.toString());
    assertEquals(180, server.get("height").asInt(), server.toString());
    assertTrue(server.get("roundTrip").asDouble() >= 0, server.toString());
    assertTrue(latestOfServer(saved, "send", "camera").get("layers").asText().contains("h"));
    assertTrue(latestOfServer(saved, "total", null).get("sendBitrate").asDouble() > 0);
    assertEquals("audio/opus", series(saved, "receive", "microphone").get("codec").asText());
    assertTrue(saved.get("series").get(0).get("samples").size() > 3);
  }

  /// Both ends count the same streams; a little is on its way at any moment.
  @Test
  void theTimesBelowAChartAreAsTheLanguageWritesThem(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    ada.page().addInitScript(WRITTEN);
    ada.page().navigate(call.address("Ada", Call.TINY) + "&lang=de");
    ada.sees("the call", sight -> sight.state().equals("connected"));
    ada.page().keyboard().press("t");
    String written =
        eventually(
            "times",
            () -> ada.evaluate("written.join(' | ')"),
            texts -> texts.matches(".*\\b\\d\\d:\\d\\d:\\d\\d\\b.*"));
    assertFalse(written.matches(".*\\d[ap]m\\b.*"), written);
  }

  @Test
  void theServersFiguresAgreeWithTheBrowsers(Call call) {
    ChromiumParticipant ada = call.join("Ada", "640x360@10");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    grace.seesAndHears("Ada");
    JsonNode both =
        eventually(
            "enough of everything",
            () -> Probe.parse(ada.evaluate(BOTH)),
            counts -> enough(counts, 100));
    for (JsonNode track : both) {
      long browser = track.get(1).asLong();
      assertEquals(browser, track.get(2).asLong(), 60 + browser * 0.1, both.toString());
    }
  }

  /// What the page says of itself is in the line that says that its user left.
  @Test
  void theServerIsToldOfFreezes(Call call) {
    var log = (Logger) LoggerFactory.getLogger("org.plenum.signaling");
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);
    try {
      ChromiumParticipant ada = call.join("Ada");
      ChromiumParticipant grace = call.join("Grace");
      ada.seesAndHears("Grace");
      eventually("a report", () -> ada.evaluate(REPORTED), "true"::equals);
      ada.press("leave");
      Map<String, String> left =
          eventually("that Ada left", () -> leftLine(lines), line -> !line.isEmpty());
      assertEquals("udp", left.get("path"), left.toString());
      assertTrue(Long.parseLong(left.get("freezes")) >= 0, left.toString());
      assertTrue(Long.parseLong(left.get("frozenMillis")) >= 0, left.toString());
      grace.sees("nobody", sight -> sight.tiles().isEmpty());
    } finally {
      log.detachAppender(lines);
    }
  }

  /// Of what is sent, those who sent counted the lost packets too.
  @Test
  void lossIsAShareOfAllThatWereSent(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    assertEquals("send 10, receive 10, all lost 100", ada.evaluate(LOSS));
  }

  private static Map<String, String> leftLine(ListAppender<ILoggingEvent> lines) {
    Map<String, String> fields = new TreeMap<>();
    for (ILoggingEvent line : List.copyOf(lines.list)) {
      if (line.getFormattedMessage().startsWith("left: ")) {
        line.getKeyValuePairs().forEach(pair -> fields.put(pair.key, "" + pair.value));
      }
    }
    return fields;
  }

  private static boolean enough(JsonNode both, long least) {
    for (JsonNode track : both) {
      if (track.get(1).asLong() < least) {
        return false;
      }
    }
    return both.size() == 4;
  }

  private static JsonNode latestOfServer(JsonNode saved, String direction, String source) {
    JsonNode samples = samples(saved, direction, source);
    for (int i = samples.size() - 1; i >= 0; i--) {
      if (samples.get(i).get("server").isObject()) {
        return samples.get(i).get("server");
      }
    }
    throw new AssertionError("the server said nothing of " + direction + " " + source);
  }

  /// The latest sample of a track.
  private static JsonNode series(JsonNode saved, String direction, String source) {
    JsonNode samples = samples(saved, direction, source);
    return samples.get(samples.size() - 1);
  }

  private static JsonNode samples(JsonNode saved, String direction, String source) {
    for (JsonNode series : saved.get("series")) {
      boolean isIt = series.get("direction").asText().equals(direction);
      if (isIt && (source == null || series.get("source").asText().equals(source))) {
        return series.get("samples");
      }
    }
    throw new AssertionError("no series of " + direction + " " + source);
  }
}
