package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

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

  @Test
  void theLayersOfACameraAreTheVariantsOfTheBroadcast(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    LiveViewer live = LiveViewer.start(call);

    eventually(
        "three variants of H264",
        live::variants,
        variants ->
            variants.size() == 3 && variants.stream().allMatch(each -> each.contains("avc1.")));
    assertEquals(
        List.of("960x540", "480x270", "240x134"), // encoders round to even numbers
        live.variants().stream().map(LiveViewer::resolution).toList());
    for (int variant = 0; variant < 3; variant++) {
      int each = variant;
      eventually("six segments", () -> live.segments(each).size(), count -> count >= 6);
      live.decodes(each);
    }
    live.variants().forEach(variant -> assertTrue(variant.contains(",opus\",AUDIO="), variant));
    assertTrue(live.loudest() > -30, "Chromium's fake microphone beeps");
    live.stop();
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
