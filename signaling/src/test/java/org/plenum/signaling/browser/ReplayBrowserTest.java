package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// A recording of the server's on its page, where not all of it is as it usually is.
@Tag("browser")
class ReplayBrowserTest {
  private static final String TIME = "window.replay.time";

  /// Writes down what goes back by more than a second while it plays.
  private static final String WATCH =
      """
      (() => {
        window.wentBack = [];
        for (const { media } of replay.cells) {
          let latest = 0;
          media.ontimeupdate = media.onplaying = media.onseeking = () => {
            if (media.currentTime < latest - 1) wentBack.push(`${media.src} from ${latest} to ${media.currentTime}`);
            latest = Math.max(latest, media.currentTime);
          };
        }
        return replay.cells.length;
      })()""";

  private static final String SHOWN =
      "replay.cells.map(({ element }) => (element.hidden ? 'hidden' : 'shown')).join()";

  @RegisterExtension
  private final CallExtension calls = new CallExtension(ReplayBrowserTest::config);

  private static ServerConfig config() {
    try {
      return ServerConfig.forTests()
          .with(new ServerConfig.Recordings(Files.createTempDirectory("recorded"), 100, 30));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the manifest says of the first track is over after a second, and of the others goes on
  /// for two seconds more than their files.
  @Test
  void aFileThatEndsIsNotBegunAnewAndNobodyIsShownWhereNothingIs(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    String id = record(ada, call);
    Page page = ada.page();
    page.route("**/recordings/lobby/" + id, route -> change(route, ReplayBrowserTest::stretch));
    open(ada, call, id);
    assertEquals("2", ada.evaluate(WATCH), "camera and microphone");
    ada.press("play");
    eventually("2 s", () -> ada.evaluate(TIME), time -> Double.parseDouble(time) > 2);
    assertEquals("hidden,shown", ada.evaluate(SHOWN));
    String end = ada.evaluate("Number(document.getElementById('place').max)");
    eventually("the end", () -> ada.evaluate(TIME), end::equals);
    assertEquals("", ada.evaluate("wentBack.join('; ')"));
    ada.evaluate("replay.seek(0.9)");
    eventually("both again", () -> ada.evaluate(SHOWN), "shown,shown"::equals);
  }

  private static String record(ChromiumParticipant ada, Call call) {
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    var recorded = new Recorded(call.base());
    String id = recorded.start();
    eventually("4 s", () -> recorded.manifest(id), now -> now != null && seconds(now) > 4);
    recorded.stop();
    return id;
  }

  private static double seconds(JsonNode manifest) {
    return manifest.get("seconds").asDouble();
  }

  private static void open(ChromiumParticipant viewer, Call call, String id) {
    viewer.page().navigate(call.base() + "/replay.html?room=lobby&recording=" + id);
    eventually("tracks", () -> viewer.evaluate("replay.cells.length"), count -> !count.equals("0"));
  }

  private static void change(Route route, Consumer<ObjectNode> change) {
    ObjectNode answer = (ObjectNode) Probe.parse(route.fetch().text());
    change.accept(answer);
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(answer.toString()));
  }

  private static void stretch(ObjectNode manifest) {
    manifest.put("seconds", seconds(manifest) + 2);
    double length = 1;
    for (JsonNode track : manifest.get("tracks")) {
      for (JsonNode part : track.get("parts")) {
        ((ObjectNode) part).put("seconds", Math.min(length, part.get("seconds").asDouble() + 2));
      }
      length = Double.MAX_VALUE;
    }
  }
}
