package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// Who comes late goes back to the beginning, which is on the server's disk only.
@Tag("browser")
@Tag("slow")
class GoingBackBrowserTest {
  /// More than what the server has in memory.
  private static final int BEFORE_MILLIS = 80_000;

  private static final String PLAYS =
      "String(player.seekable.length > 0 && player.currentTime > %s"
          + " && player.videoWidth > 0 && player.readyState > 2)";

  private static Path data;

  @RegisterExtension static final CallExtension CALLS = new CallExtension(() -> config());

  private static ServerConfig config() {
    try {
      data = Files.createTempDirectory("dvr");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ServerConfig.forTests()
        .with(new ServerConfig.Recordings(data, 100, 30))
        .with(new ServerConfig.Live(10, 64));
  }

  @Test
  void aLateViewerGoesBackToTheBeginningAndToLiveAgain(Call call) throws Exception {
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage", "{codecs: ['H264'], clock: true}");
    LiveViewer live = LiveViewer.start(call);
    ChromiumParticipant viewer = call.enter("Viewer");
    viewer.page().navigate("about:blank");
    viewer.page().waitForTimeout(BEFORE_MILLIS);
    assertTrue(live.playlist(0).contains("\n0.m4s\n"), "all is listed");

    viewer.page().navigate(call.base() + "/watch/lobby");
    viewer.evaluate("(() => {" + Probe.read("clock.js") + "})()");
    eventually(
        "the picture to move",
        () -> viewer.evaluate(PLAYS.formatted("player.seekable.start(0) + 60")),
        "true"::equals);
    for (int i = 0; i < 4; i++) { // each is a pause, which is nobody's fault
      viewer.evaluate("player.currentTime = player.seekable.start(0) + " + (2 + i));
      eventually(
          "the picture of then",
          () -> viewer.evaluate("window.clock.age(player)"),
          age -> Integer.parseInt(age) > 60_000);
    }
    String at = viewer.evaluate("player.currentTime");
    eventually("it goes on", () -> viewer.evaluate(PLAYS.formatted(at + " + 3")), "true"::equals);
    assertThat(viewer.page().getByTestId("behind")).hasText(Pattern.compile("[1-9]:\\d\\d behind"));
    assertThat(viewer.page().getByTestId("short-delay")).isChecked();
    Looks.take(viewer, "watch-back");

    viewer.press("to-live");
    eventually(
        "now",
        () -> viewer.evaluate("window.clock.age(player)"),
        age -> Integer.parseInt(age) >= 0 && Integer.parseInt(age) < 20_000);
    assertTrue(files() > 40, files() + " segments are kept");
    live.stop();
    call.stopServer();
    assertEquals(0, files(), "nothing outlasts the broadcast");
    call.startServer();
  }

  private static long files() throws IOException {
    if (Files.notExists(data.resolve("live"))) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(data.resolve("live"))) {
      return all.filter(file -> file.toString().endsWith(".m4s")).count();
    }
  }
}
