package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.microsoft.playwright.Locator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A room is broadcast: what Chromium publishes is decoded by ffmpeg from what a CDN would pull.
@Tag("browser")
@ExtendWith(CallExtension.class)
class BroadcastBrowserTest {
  /// Chromium makes three layers from this size on.
  private static final String LARGE = "960x540@10";

  /// Five seconds of picture and sound.
  private static final String PLAYED =
      """
      (() => {
        const player = document.getElementById('player');
        const { currentTime, videoWidth, webkitAudioDecodedByteCount: heard } = player;
        window.begun ??= videoWidth > 0 ? currentTime : undefined;
        return String(currentTime - window.begun > 5 && heard > 0);
      })()""";

  /// As in a browser that was built without any other.
  private static final String VP8_ONLY =
      """
      for (const side of [RTCRtpReceiver, RTCRtpSender]) {
        const all = side.getCapabilities.bind(side);
        side.getCapabilities = (kind) => {
          const capabilities = all(kind);
          const isLeft = ({ mimeType }) => !/H264|VP9|AV1/.test(mimeType);
          return { ...capabilities, codecs: capabilities.codecs.filter(isLeft) };
        };
      }\
      """;

  /// Whether the page asked for parts.
  private static final String LOW_LATENCY =
      """
      String(performance.getEntriesByType('resource').some(({ name }) => name.includes('_HLS_part=')))""";

  /// Further than what was loaded before the picture changed.
  private static final String PLAYED_LONG =
      "String(document.getElementById('player').currentTime - window.begun > 14)";

  @Test
  void theLayersOfACameraAreTheVariantsOfTheBroadcast(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    LiveViewer live = LiveViewer.start(call);

    eventually(
        "three variants", // encoders round to even numbers
        () -> live.variants().stream().map(LiveViewer::resolution).toList(),
        List.of("960x540", "480x270", "240x134")::equals);
    live.variants().forEach(variant -> assertTrue(variant.contains("avc1."), variant));
    for (int variant = 0; variant < 3; variant++) {
      int each = variant;
      eventually("six segments", () -> live.segments(each).size(), count -> count >= 6);
      live.decodes(each);
    }
    live.variants().forEach(variant -> assertTrue(variant.contains(",opus\",AUDIO="), variant));
    assertTrue(live.loudest() > -30, "Chromium's fake microphone beeps");
    live.stop();
  }

  @Test
  void aPersonWatchesWithoutAnApp(Call call) {
    ChromiumParticipant viewer = call.enter("Viewer");
    viewer.page().navigate(call.base() + "/watch/lobby");
    assertThat(viewer.page().getByTestId("state")).containsText("Not live yet");
    assertThat(viewer.page().getByTestId("poster")).hasText("lobby");
    assertEquals(List.of(), Axe.violations(viewer.page()));
    viewer.screenshot("watch-poster");
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    LiveViewer live = LiveViewer.start(call);

    eventually("the picture to move", () -> viewer.evaluate(PLAYED), "true"::equals);
    assertThat(viewer.page().getByTestId("state")).isEmpty();
    assertThat(viewer.page().getByTestId("poster")).isHidden();
    assertThat(viewer.page().getByTestId("viewers")).hasText("Watching: 1");
    ChromiumParticipant another = call.enter("Another");
    another.page().navigate(call.base() + "/watch/lobby");
    assertThat(another.page().getByTestId("viewers")).hasText("Watching: 2");
    assertEquals("true", viewer.evaluate("document.getElementById('quality').length > 1"));
    live.stop();
    eventually(
        "the end",
        () -> viewer.page().getByTestId("state").textContent(),
        "The broadcast has ended."::equals);
    assertThat(viewer.page().getByTestId("poster")).isVisible();
  }

  /// What ended stays for a minute, and is not played again meanwhile.
  @Test
  void whoWatchedToTheEndSeesTheNextBroadcastToo(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    LiveViewer first = LiveViewer.start(call);
    ChromiumParticipant viewer = call.enter("Viewer");
    viewer.page().navigate(call.base() + "/watch/lobby");
    eventually("the picture to move", () -> viewer.evaluate(PLAYED), "true"::equals);
    assertTrue(first.stop());
    Locator state = viewer.page().getByTestId("state");
    eventually("the end", state::textContent, "The broadcast has ended."::equals);
    viewer.page().waitForTimeout(5_000);
    assertThat(state).hasText("The broadcast has ended.");

    LiveViewer second = LiveViewer.start(call);
    viewer.evaluate("window.begun = undefined");
    eventually("the next one to play", () -> viewer.evaluate(PLAYED), "true"::equals);
    assertThat(state).isEmpty();
    second.stop();
    eventually("its end", state::textContent, "The broadcast has ended."::equals);
  }

  @Test
  void thePictureGoesOverFromOneToAnotherAndOnWhenTheyLeave(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    grace.seesMoving("Ada");
    LiveViewer live = LiveViewer.start(call);
    live.pin("Ada");
    eventually("a segment", () -> live.segments(0).size(), count -> count >= 2);
    ChromiumParticipant viewer = call.enter("Viewer");
    viewer.page().navigate(call.base() + "/watch/lobby");
    eventually("the picture to move", () -> viewer.evaluate(PLAYED), "true"::equals);

    int before = live.discontinuities();
    live.pin("Grace");
    eventually("Grace", () -> live.discontinuities(), count -> count > before);
    live.decodes(0);
    call.left(grace);
    eventually("Ada again", () -> live.discontinuities(), count -> count >= before + 2);
    viewer.evaluate("window.begun = document.getElementById('player').currentTime");
    eventually("the picture to go on", () -> viewer.evaluate(PLAYED_LONG), "true"::equals);
    live.decodes(0);
    assertTrue(live.loudest() > -30);
    live.stop();
  }

  /// From the publisher's picture to the viewer's by a clock in it, and of the sound by flashes
  /// that beep.
  @Tag("slow")
  @Test
  void thePictureIsNotOldAndTheSoundIsWithIt(Call call) {
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage", "{codecs: ['H264'], clock: true}");
    LiveViewer live = LiveViewer.start(call);
    eventually("six segments", () -> live.segments(0).size(), count -> count >= 6);
    double offset = live.soundAfterPicture();
    System.out.printf("the sound comes %.0f ms after the picture%n", 1000 * offset);
    assertTrue(Math.abs(offset) <= 0.08, "the sound is off by " + offset + " s");

    ChromiumParticipant viewer = call.enter("Viewer");
    viewer.page().navigate(call.base() + "/watch/lobby");
    viewer.evaluate("(() => {" + Probe.read("clock.js") + "})()");
    eventually("LL-HLS within 3 s", () -> age(viewer), age -> age >= 0 && age <= 3_000);
    System.out.printf("LL-HLS, glass to glass: %s ms%n", ages(viewer));
    assertThat(viewer.page().getByTestId("short-delay")).isChecked();
    assertEquals("true", viewer.evaluate(LOW_LATENCY));
    viewer.page().getByTestId("short-delay").uncheck();
    eventually("HLS within 8 s", () -> age(viewer), age -> age > 3_000 && age <= 8_000);
    System.out.printf("HLS, glass to glass: %s ms%n", ages(viewer));
    live.stop();
  }

  /// Ten of them, a second apart.
  private static List<Integer> ages(ChromiumParticipant viewer) {
    List<Integer> ages = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      viewer.page().waitForTimeout(1_000);
      ages.add(age(viewer));
    }
    ages.sort(null);
    return ages;
  }

  private static int age(ChromiumParticipant viewer) {
    return Integer.parseInt(viewer.evaluate("window.clock.age(document.getElementById('player'))"));
  }

  @Test
  void whoIsNotSeenIsToldSoAndSoIsWhoBeganIt(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.enter("Grace");
    grace.page().addInitScript(VP8_ONLY);
    grace.page().navigate(call.address("Grace", Call.SMALL));
    ada.seesAndHears("Grace");
    ada.press("more");
    ada.press("toggle-broadcast");
    String unseen =
        "You are not seen in the broadcast: your browser, or that of somebody here, takes no codec"
            + " but VP8, which viewers cannot play.";
    grace.isTold(unseen);
    ada.isTold(unseen); // or Grace would not see her
    ada.isTold("Not seen in the broadcast, for only VP8 comes from them: Grace");
    call.left(grace);
    eventually(
        "Ada in another codec",
        () -> ada.evaluate("plenum.codecSent('camera')"),
        codec -> !codec.equals("video/VP8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"VP9", "AV1"})
  void aRoomWithoutH264IsBroadcastInWhatItHas(String codec, Call call) {
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage", "{codecs: ['" + codec + "']}");
    LiveViewer live = LiveViewer.start(call);
    String name = codec.equals("VP9") ? "vp09." : "av01.";
    eventually(
        "a variant of " + codec,
        live::variants,
        variants -> variants.size() == 1 && variants.getFirst().contains(name));
    eventually("five segments", () -> live.segments(0).size(), count -> count >= 5);
    live.decodes(0);
    assertTrue(live.stop());
  }
}
