package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A camera goes up in three layers, and each viewer gets the one for the size of the tile.
@Tag("browser")
@ExtendWith(CallExtension.class)
class LayersBrowserTest {
  /// Chromium makes three layers from this size on.
  private static final String LARGE = "960x540@10";

  private static final Map<String, Integer> ALL = Map.of("q", 135, "h", 270, "f", 540);

  private static final String LAYERS_SENT =
      """
      plenum.stats().then(({ send }) =>
        (send.camera?.layers ?? []).filter((layer) => layer.framesEncoded > 5).map((layer) => layer.rid)
          .sort().join())\
      """;

  private static final String HEIGHT_SEEN =
      """
      plenum.stats().then(({ receive }) =>
        Object.values(receive).map(({ camera }) => camera?.frameHeight ?? 0).join())\
      """;

  @Test
  void viewerGetsTheLayerThatFitsTheTile(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    grace.seesMoving("Ada");

    eventually("three layers sent", () -> ada.evaluate(LAYERS_SENT), "f,h,q"::equals);

    showsLayer(grace, 1920, 1080, "540");
    showsLayer(grace, 1280, 720, "270");
    showsLayer(grace, 420, 380, "135");
    showsLayer(grace, 1920, 1080, "540");
  }

  /// Left to itself, Chromium makes one stream of all layers, and that of the smallest picture.
  @ParameterizedTest
  @ValueSource(strings = {"H264", "VP9", "AV1"})
  void layersAreKeptInAnotherCodec(String codec, Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    eventually("three layers sent", () -> ada.evaluate(LAYERS_SENT), "f,h,q"::equals);
    SeatClient viewer = SeatClient.join(call, "Viewer", "['" + codec + "']");
    for (int height : List.of(540, 140, 280, 540)) {
      viewer.show("Ada", height);
      viewer.seesHeight(height);
    }
    assertEquals("video/" + codec, viewer.state().codec());
  }

  @Test
  void threeLayersArriveByWhipAndWhepGetsTheLargest(Call call) {
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage", WhipClient.THREE_LAYERS);
    WhipClient player = WhipClient.of(call, "Player");
    player.view("/whep/lobby", "'audio', 'video'");
    SeatClient viewer = SeatClient.join(call, "Viewer");

    eventually("three layers sent", stage::layersSent, ALL::equals);
    for (int height : List.of(135, 270, 540, 135)) {
      viewer.show("Stage", height);
      viewer.seesHeight(height);
    }
    eventually("the largest", () -> player.height("1"), height -> height == 540);
    player.receivesIn("0", "1");
  }

  /// A window of another size, and the picture that comes then.
  private static void showsLayer(ChromiumParticipant viewer, int width, int height, String layer) {
    viewer.page().setViewportSize(width, height);
    eventually(
        "a picture of " + layer + " lines", () -> viewer.evaluate(HEIGHT_SEEN), layer::equals);
    viewer.seesMoving("Ada");
    viewer.screenshot("layer-" + layer);
  }
}
