package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A browser stops encoding the layers that nobody is sent, and starts again when somebody is.
@Tag("browser")
@ExtendWith(CallExtension.class)
class UnusedLayersBrowserTest {
  private static final String LARGE = "960x540@10";

  /// The layers that are encoded now: those whose count of frames grows within a second.
  private static final String ENCODED =
      """
      (async () => {
        const frames = async () =>
          new Map(((await plenum.stats()).send.camera?.layers ?? []).map((layer) => [layer.rid, layer.framesEncoded]));
        const before = await frames();
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return [...(await frames())].filter(([rid, count]) => count > (before.get(rid) ?? 0)).map(([rid]) => rid)
          .sort().join();
      })()\
      """;

  private static final String HEIGHT_SEEN =
      """
      plenum.stats().then(({ receive }) =>
        Object.values(receive).map(({ camera }) => camera?.frameHeight ?? 0).join())\
      """;

  @Test
  void aSmallTileStopsTheLargeLayersAndALargeOneBringsThemBack(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    grace.seesMoving("Ada");
    encodes(ada, "f,h,q");

    grace.page().setViewportSize(420, 380);
    encodes(ada, "q");
    eventually("a small picture", () -> grace.evaluate(HEIGHT_SEEN), "135"::equals);
    grace.seesMoving("Ada");

    grace.page().setViewportSize(1920, 1080);
    eventually("a large picture", () -> grace.evaluate(HEIGHT_SEEN), "540"::equals);
    encodes(ada, "f,q");
    grace.seesMoving("Ada");
    assertTrue(ada.evaluate("window.probe.layersAsked()").endsWith("\"q,f\"]"));
  }

  @Test
  void whoComesIntoARoomOfOneHasAPictureThoughOnlyTheSmallestLayerIsSent(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    encodes(ada, "f,h,q");
    encodes(ada, "q");

    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    grace.page().setViewportSize(1920, 1080);
    grace.seesMoving("Ada");
    eventually("a large picture", () -> grace.evaluate(HEIGHT_SEEN), "540"::equals);
  }

  @Test
  void aLayerThatNobodyHasTheBandwidthForIsMadeSmallerAndWholeAgain(Call call) {
    ChromiumParticipant ada = call.join("Ada", LARGE);
    ada.sees("the call", sight -> !sight.participant().isEmpty());
    encodes(ada, "f,h,q");

    tellLayers(ada, "maxBitrates: {h: 350000}");
    maxBitratesAre(ada, "f 1700000,h 350000,q 150000");

    tellLayers(ada, "maxBitrates: {f: 9000000}");
    maxBitratesAre(ada, "f 1700000,h 500000,q 150000");
  }

  private static void tellLayers(ChromiumParticipant publisher, String limits) {
    publisher.evaluate(
        "window.probe.tell({type: 'layers', mid: window.probe.videoMid(), active: ['f','h','q'],"
            + limits
            + "})");
  }

  private static void maxBitratesAre(ChromiumParticipant publisher, String wanted) {
    eventually(wanted, () -> publisher.evaluate("window.probe.maxBitrates()"), wanted::equals);
  }

  @Test
  void whatBandwidthDoesToAPictureIsSaidOnItsTile(Call call) {
    call.join("Ada", Call.SMALL);
    ChromiumParticipant grace = call.join("Grace", Call.TINY);
    grace.seesMoving("Ada");
    assertEquals("", grace.sight().tile("Ada").limit());

    grace.evaluate("window.probe.tellSlot('Ada', {height: 180, wantedHeight: 720})");
    grace.seesTile("Ada", "limited", tile -> tile.limit().equals("Slow connection"));
    grace.seesMoving("Ada");
    grace.screenshot("limited-bandwidth");

    grace.evaluate("window.probe.tellSlot('Ada', {paused: 'bandwidth', wantedHeight: 720})");
    grace.seesTile(
        "Ada",
        "paused",
        tile ->
            tile.note().equals("Your connection is too slow for this picture.")
                && tile.limit().isEmpty()
                && !tile.withPicture());
    grace.screenshot("paused-bandwidth");

    grace.evaluate(
        "window.probe.tellSlot('Ada', {paused: undefined, height: 180, wantedHeight: 180})");
    grace.seesTile("Ada", "whole", tile -> tile.note().isEmpty() && tile.limit().isEmpty());
    grace.seesMoving("Ada");
  }

  private static void encodes(ChromiumParticipant publisher, String layers) {
    eventually(
        publisher.name() + " to encode " + layers,
        () -> publisher.evaluate(ENCODED),
        layers::equals);
  }
}
