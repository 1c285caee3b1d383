package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
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

  /// As when an hour is over: what was given out first leads nowhere.
  @Test
  void aTicketThatHasRunOutIsReplaced(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    String id = record(ada, call);
    Page page = ada.page();
    var lists = new AtomicInteger();
    page.route(
        "**/recordings/lobby",
        route -> {
          boolean isFirst = lists.getAndIncrement() == 0;
          change(route, isFirst ? ReplayBrowserTest::spoil : _ -> {});
        });
    page.route(address -> address.endsWith("ticket=" + STALE), Route::abort);
    QuietConsole.connectionsAreLost(); // as browsers tell of what is aborted
    open(ada, call, id);
    ada.press("play");
    eventually("all of it to play", () -> ada.evaluate(PLAYS), plays -> plays.equals("true"));
    assertEquals(2, lists.get(), "lists of the room's recordings");
    assertFalse(ada.evaluate(LINKS).contains(STALE), "links are renewed too");
  }

  /// Of the room's recordings, and of one of them.
  @Test
  void addressesArePages(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    record(ada, call);
    Page page = ada.page();
    page.navigate(call.base() + "/recordings/lobby");
    assertThat(page.getByTestId("title")).hasText("Recordings of lobby");
    page.getByTestId("server-recording").getByRole(AriaRole.LINK).click();
    eventually("tracks", () -> ada.evaluate("window.replay?.cells.length"), "2"::equals);
    page.goBack();
    assertThat(page.getByTestId("server-recording")).isVisible();
  }

  private static final String STALE = "1.stale";

  private static final String PLAYS =
      "replay.time > 1 && replay.cells.every(({ media, off }) => !media.error && Math.abs(off) < 0.2)";

  private static final String LINKS =
      "[...document.querySelectorAll('#tracks a')].map(({ href }) => href).join(' ')";

  private static void spoil(ObjectNode list) {
    list.get("recordings").forEach(each -> ((ObjectNode) each).put("ticket", STALE));
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
    eventually("tracks", () -> viewer.evaluate("window.replay?.cells.length"), "2"::equals);
  }

  private static void change(Route route, Consumer<ObjectNode> change) {
    ObjectNode answer = (ObjectNode) Probe.parse(route.fetch().text());
    change.accept(answer);
    route.fulfill(
        new Route.FulfillOptions().setContentType("application/json").setBody(answer.toString()));
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
