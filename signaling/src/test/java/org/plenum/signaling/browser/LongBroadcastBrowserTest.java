package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Somebody watches for two minutes in which everything happens that happens in rooms.
@Tag("browser")
@Tag("slow")
@ExtendWith(CallExtension.class)
class LongBroadcastBrowserTest {
  /// Chromium makes three layers from this size on.
  private static final String LARGE = "960x540@10";

  private static final double WATCHED_SECONDS = 120;

  /// How long what is shown stays.
  private static final int SHOWN_MILLIS = 9_000;

  /// So much that its playlist has nothing but the clock, and enough of it.
  private static final int MEASURED_MILLIS = 14_000;

  private static final double MOST_OFFSET_SECONDS = 0.08;

  /// Of a third within a minute the page learns that the short delay is too short here.
  private static final int MOST_WITH_SHORT_DELAY = 2;

  private static final String MOVES =
      """
      (() => {
        const player = document.getElementById('player');
        if (player.videoWidth > 0) window.begun ??= player.currentTime;
        return String(player.currentTime - window.begun > 3);
      })()""";

  private LiveViewer live;
  private ChromiumParticipant viewer;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingThatHappensInARoomStopsThePicture(boolean shortDelay, Call call) {
    try (Chromium more =
        Chromium.launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")) {
      ChromiumParticipant ada = call.join("Ada", LARGE);
      ada.sees("the call", sight -> !sight.participant().isEmpty());
      ada.press("mic");
      WhipClient stage = WhipClient.of(call, "Stage");
      stage.publish("/whip/lobby?name=Stage", "{codecs: ['H264', 'VP9'], clock: true}");
      live = LiveViewer.start(call);
      live.pin("Stage");
      viewer = call.enter("Viewer");
      viewer.page().navigate(call.base() + "/watch/lobby");
      if (!shortDelay) {
        viewer.page().getByTestId("short-delay").uncheck();
      }
      eventually("the picture to move", () -> viewer.evaluate(MOVES), "true"::equals);
      viewer.evaluate("(() => {" + Probe.read("watching.js") + "})()");
      viewer.evaluate("window.watched = window.watching(document.getElementById('player'))");
      pass(MEASURED_MILLIS);
      inStep();

      live.pin(null);
      shown("Ada, who speaks", () -> speak(ada, stage));
      shown("Stage, who speaks", () -> silence(ada, stage));
      shown("a smaller picture", () -> stage.encode("{smaller: 2}"));
      shown("another codec", () -> stage.encode("{codec: 'VP9'}"));
      ChromiumParticipant grace = call.enter("Grace", more.browser());
      stage.silence(true);
      shown(
          "Grace, who came late and speaks",
          () -> grace.page().navigate(call.address("Grace", Call.SMALL)));
      shown("somebody else, for her camera is off", () -> grace.press("cam"));
      shown("her screen", () -> grace.press("share"));
      shown("somebody else, for she has left", () -> call.left(grace));
      shown("Ada, who speaks", () -> speak(ada, stage));
      shown("Stage, who speaks", () -> silence(ada, stage));
      pass(MEASURED_MILLIS);
      inStep();
      for (int variant = 0; variant < live.variants().size(); variant++) {
        live.decodes(variant);
      }
      eventually("two minutes", () -> watched(), now -> seconds(now) >= WATCHED_SECONDS);
      steady(watched(), shortDelay ? MOST_WITH_SHORT_DELAY : 1);
      live.stop();
    }
  }

  private static void speak(ChromiumParticipant who, WhipClient former) {
    former.silence(true);
    who.press("mic");
  }

  private static void silence(ChromiumParticipant who, WhipClient next) {
    who.press("mic");
    next.silence(false);
  }

  /// Does something by which another picture comes into the programme, and lets it stand.
  private void shown(String what, Runnable deed) {
    int before = live.discontinuities();
    deed.run();
    eventually(what, live::discontinuities, now -> now > before);
    pass(SHOWN_MILLIS);
    System.out.printf("after %s: %s%n", what, watched());
  }

  private void inStep() {
    double offset = live.soundAfterPicture();
    System.out.printf("the sound comes %.0f ms after the picture%n", 1000 * offset);
    assertTrue(Math.abs(offset) <= MOST_OFFSET_SECONDS, "the sound is off by " + offset + " s");
  }

  private static void steady(JsonNode watched, int most) {
    System.out.println("watched: " + watched);
    assertTrue(watched.get("pauses").size() <= most, "paused: " + watched);
    assertTrue(watched.get("jumps").isEmpty(), "jumped: " + watched);
  }

  private JsonNode watched() {
    return Probe.parse(viewer.evaluate("window.watched.read()"));
  }

  private static double seconds(JsonNode watched) {
    return watched.get("now").asDouble() - watched.get("begun").asDouble();
  }

  private void pass(int millis) {
    viewer.page().waitForTimeout(millis);
  }
}
