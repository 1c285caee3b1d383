package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plenum.signaling.ServerProcess;
import org.plenum.signaling.config.ServerConfig;

/// The server records what Chromium publishes: everybody is told, and ffmpeg decodes each file.
@Tag("browser")
class ServerRecordingBrowserTest {
  /// All that plays is within so much of where it belongs, and moves.
  private static final String PLAYS =
      """
      (() => {
        const { time, cells } = window.replay;
        const shown = cells.filter(({ media }) => !media.hidden);
        return String(time > 1.5 && shown.length >= 4 && cells.every(({ off }) => Math.abs(off) < 0.08)
          && shown.every(({ media }) => media.readyState > 2));
      })()\
      """;

  private static final String ROWS =
      """
      new Set([...document.querySelectorAll('.cells > figure')].filter(({ offsetHeight }) => offsetHeight)
        .map(({ offsetTop }) => offsetTop)).size\
      """;

  private static Path data;

  @RegisterExtension static final CallExtension CALLS = new CallExtension(() -> config());

  @TempDir private Path directory;

  private static ServerConfig config() {
    try {
      data = Files.createTempDirectory("recorded");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ServerConfig.forTests().with(new ServerConfig.Recordings(data, 100, 30));
  }

  @Test
  void everybodyIsToldAndEachTrackIsKept(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    ada.press("more");
    ada.press("toggle-recording");
    grace.isTold("The server records everybody now.");
    assertThat(grace.page().getByTestId("observed")).hasText("● Recorded by the server");
    Looks.take(grace, "recorded");
    ChromiumParticipant late = call.join("Linus");
    assertThat(late.page().getByTestId("observed")).hasText("● Recorded by the server");
    call.left(late);

    var recorded = new Recorded(call.base());
    String id = recorded.list().getFirst().get("recording").asText();
    eventually("6 s", () -> recorded.manifest(id).get("seconds").asDouble(), now -> now > 6);
    recorded.stop();
    assertThat(grace.page().getByTestId("observed")).isHidden();
    JsonNode manifest = recorded.manifest(id);
    assertEquals("stopped", manifest.get("end").get("reason").asText());
    int whole = 0;
    for (JsonNode track : manifest.get("tracks")) {
      JsonNode part = track.get("parts").get(0);
      String said = recorded.decodes(id, part);
      if (track.get("name").asText().equals("Linus")) {
        continue;
      }
      whole++;
      assertEquals(1, track.get("parts").size(), "one file: " + track);
      double end = part.get("start").asDouble() + part.get("seconds").asDouble();
      assertTrue(end > 5 && end < manifest.get("seconds").asDouble() + 0.5, track.toString());
      assertFalse(part.get("alignment").isEmpty(), "sender reports: " + track);
      String codec = track.get("source").asText().equals("camera") ? "vp8" : "opus";
      assertTrue(said.startsWith(codec), said);
    }
    assertEquals(4, whole, manifest.toString());
    replays(grace, call, id);
  }

  private static void replays(ChromiumParticipant viewer, Call call, String id) {
    viewer.page().navigate(call.base() + "/recordings.html?room=lobby");
    viewer.page().getByTestId("server-recording").getByRole(AriaRole.LINK).click();
    viewer.press("play");
    eventually("all in step", () -> viewer.evaluate(PLAYS), "true"::equals);
    viewer.evaluate("window.replay.seek(4)");
    eventually(
        "on from there", () -> viewer.evaluate("String(window.replay.time > 4.3)"), "true"::equals);
    Looks.take(viewer, "replay");
    assertEquals("1", viewer.evaluate(ROWS), "pictures stand beside each other");
    assertTrue(viewer.page().url().contains(id));
    assertEquals(List.of(), Axe.violations(viewer.page()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"H264", "VP9", "AV1"})
  void otherCodecsAreKeptAsTheyCome(String codec, Call call) {
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage", "{codecs: ['" + codec + "']}");
    var recorded = new Recorded(call.base());
    String id = recorded.start();
    eventually("6 s", () -> recorded.manifest(id), now -> now != null && seconds(now) > 6);
    recorded.stop();
    JsonNode manifest = recorded.manifest(id);
    List<JsonNode> parts = Recorded.parts(manifest);
    String name = codec.toLowerCase(Locale.ROOT);
    assertTrue(
        parts.stream().anyMatch(part -> recorded.decodes(id, part).startsWith(name)),
        manifest.toString());
  }

  /// At most two seconds are lost, and what is there can be sought in.
  @Test
  void aKilledServerLosesNoMoreThanTwoSeconds(Call call) throws Exception {
    ChromiumParticipant ada = call.enter("Ada");
    String settings = "data.dir = \"" + directory.resolve("data") + "\"\n";
    String id;
    Instant killed;
    try (ServerProcess server = new ServerProcess(directory, settings)) {
      ada.page().navigate(server.http() + "/?room=lobby&name=Ada&autojoin=1&video=" + Call.SMALL);
      ada.sees("the call", sight -> !sight.participant().isEmpty());
      var recorded = new Recorded(server.http());
      id = recorded.start();
      eventually("8 s", () -> recorded.manifest(id), now -> now != null && seconds(now) > 8);
      killed = Instant.now();
      QuietConsole.connectionsAreLost();
      server.signal("KILL");
      server.exitStatus();
    }
    ada.page().navigate("about:blank");
    try (ServerProcess server = new ServerProcess(directory, settings)) {
      var recorded = new Recorded(server.http());
      eventually("mended", () -> recorded.manifest(id), now -> now != null);
      JsonNode manifest = recorded.manifest(id);
      assertEquals("interrupted", manifest.get("end").get("reason").asText());
      JsonNode listed =
          recorded.list().stream()
              .filter(each -> each.get("recording").asText().equals(id))
              .findFirst()
              .orElseThrow();
      assertTrue(listed.get("complete").asBoolean(), "unlike the next one, which has begun");
      double length =
          Duration.between(Instant.parse(manifest.get("started").asText()), killed).toMillis()
              / 1e3;
      List<JsonNode> parts = Recorded.parts(manifest);
      assertEquals(2, parts.size(), manifest.toString());
      for (JsonNode part : parts) {
        String said = recorded.decodes(id, part);
        double duration = Double.parseDouble(said.substring(said.lastIndexOf(',') + 1));
        double lost = length - part.get("start").asDouble() - duration;
        System.out.printf("killed: %.2f s of %s are lost%n", lost, part.get("file").asText());
        assertTrue(lost < 2, lost + " s are lost of " + part);
      }
    }
    call.left(ada);
  }

  /// Everything that was written can be played, and the call goes on.
  @Tag("slow")
  @Test
  void aDiskThatIsFullEndsTheRecordingAndNotTheCall(Call call) throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0);
    ChromiumParticipant ada = call.enter("Ada");
    ChromiumParticipant stage = call.enter("Stage");
    try (ServerProcess server = new ServerProcess(directory, "data.dir = \"" + disk + "\"\n")) {
      ada.page().navigate(server.http() + "/?room=lobby&name=Ada&autojoin=1&video=" + Call.SMALL);
      ada.sees("the call", sight -> !sight.participant().isEmpty());
      stage.page().navigate(server.http() + "/plenum-client.js");
      new WhipClient(stage).publish("/whip/lobby?name=Stage", "{codecs: ['H264']}");
      var recorded = new Recorded(server.http());
      String id = recorded.start();
      ada.isTold("The recording has ended: the disk did not take it: No space left on device");
      assertThat(ada.page().getByTestId("observed")).isHidden();
      JsonNode manifest = recorded.manifest(id);
      assertEquals("storage", manifest.get("end").get("reason").asText());
      List<JsonNode> parts = Recorded.parts(manifest);
      assertEquals(4, parts.size(), manifest.toString());
      for (JsonNode part : parts) {
        String[] said = recorded.decodes(id, part).split(",");
        assertTrue(Integer.parseInt(said[1]) > 20, "packets of " + part);
        // There was no room to write WebM anew, so it does not say how long it is.
        if (!part.get("file").asText().endsWith(".webm")) {
          double duration = Double.parseDouble(said[2]);
          assertEquals(part.get("seconds").asDouble(), duration, 0.1, part.toString());
        }
      }
      ada.seesMoving("Stage");
      QuietConsole.connectionsAreLost(); // the server goes before the pages do
    } finally {
      assertEquals(0, run("umount", disk.toString()));
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).start().waitFor();
  }

  private static double seconds(JsonNode manifest) {
    return manifest.get("seconds").asDouble();
  }
}
