package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two minutes of a broadcast in which all happens that happens in calls, watched with hls.js.
@Tag("browser")
@Tag("slow")
@ExtendWith(CallExtension.class)
class LongBroadcastBrowserTest {
  private static final String COUNT_STOPS =
      """
      (() => {
        const player = document.getElementById('player');
        window.stops = [];
        window.from = player.currentTime;
        player.addEventListener('waiting', () => window.stops.push(player.currentTime - window.from));
      })()""";

  private static final String PLAYED =
      "String(Math.floor(document.getElementById('player').currentTime - window.from))";

  private static final String STOPS = "window.stops.map((at) => at.toFixed(1)).join(' ')";

  @Test
  void nothingThatHappensInACallStopsThePicture(Call call) {
    ChromiumParticipant ada = call.join("Ada", Call.SMALL);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    LiveViewer live = LiveViewer.start(call);
    live.pin("Ada");
    eventually("segments", () -> live.segments(0).size(), count -> count >= 5);
    ChromiumParticipant viewer = call.enter("Viewer");
    viewer.page().navigate(call.base() + "/watch/lobby");
    viewer.page().getByTestId("short-delay").uncheck();
    eventually(
        "the picture",
        () -> viewer.evaluate("String(document.getElementById('player').currentTime > 1)"),
        "true"::equals);
    viewer.evaluate(COUNT_STOPS);

    try (Chromium sharing =
        Chromium.launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")) {
      ChromiumParticipant grace = call.enter("Grace", sharing.browser());
      grace.page().navigate(call.address("Grace", Call.SMALL));
      grace.sees("the call", sight -> !sight.participant().isEmpty());
      reaches(viewer, 15);
      live.pin("Grace");
      reaches(viewer, 30);
      live.pin("Ada");
      reaches(viewer, 45);
      ada.press("cam");
      reaches(viewer, 60);
      ada.press("cam");
      grace.press("share");
      reaches(viewer, 75);
      grace.press("share");
      reaches(viewer, 90);
      live.pin("Grace");
      reaches(viewer, 100);
      call.left(grace);
    }
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage", "{codecs: ['VP9']}");
    live.pin("Stage");
    reaches(viewer, 120);
    String stops = viewer.evaluate(STOPS);
    System.out.println("the picture stopped at: " + stops);
    List<String> each = stops.isEmpty() ? List.of() : List.of(stops.split(" "));
    assertTrue(each.size() <= 1, "the picture stopped at " + stops);
    assertEquals(List.of(), viewer.pageErrors());
    live.stop();
  }

  /// Waits until so many seconds were played.
  private static void reaches(ChromiumParticipant viewer, int seconds) {
    eventually(
        seconds + " s", () -> viewer.evaluate(PLAYED), now -> Integer.parseInt(now) >= seconds);
  }
}
