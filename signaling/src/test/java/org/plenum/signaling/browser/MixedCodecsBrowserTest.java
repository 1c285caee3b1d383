package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Rooms in which not everyone decodes everything.
@Tag("browser")
@ExtendWith(CallExtension.class)
class MixedCodecsBrowserTest {
  private static final String NOTE = "Your browser cannot play this picture.";

  /// As in a browser that was built without H264.
  private static final String WITHOUT_H264 =
      """
      for (const side of [RTCRtpReceiver, RTCRtpSender]) {
        const all = side.getCapabilities.bind(side);
        side.getCapabilities = (kind) => {
          const capabilities = all(kind);
          const isLeft = ({ mimeType }) => mimeType !== 'video/H264';
          return { ...capabilities, codecs: capabilities.codecs.filter(isLeft) };
        };
      }\
      """;

  @Test
  void aPublisherMovesToACodecThatEveryoneDecodesAndBack(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    sends(ada, "video/VP8");
    WhipClient player = WhipClient.of(call, "Player");
    player.view("/whep/lobby", "'audio', 'video'", "{codecs: ['H264']}");
    player.receivesIn("0", "1");
    assertEquals("video/H264", player.codecs().get("1"));
    sends(ada, "video/H264");
    player.end();

    ChromiumParticipant grace = joinWithoutH264(call, "Grace");
    grace.seesAndHears("Ada");
    sends(ada, "video/VP8");
    ada.seesAndHears("Grace");
    assertEquals("[\"video/H264\",\"video/VP8\"]", ada.evaluate("window.probe.asked()"));
    assertEquals(3, ada.sight().offers(), "one for each, and the first");
  }

  @Test
  void whoCannotDecodeAPictureIsToldSoAndSeesTheOthers(Call call) {
    publish(call, "Stage", "H264", "blue");
    publish(call, "Guest", "VP8", "red");
    ChromiumParticipant grace = joinWithoutH264(call, "Grace");
    ChromiumParticipant ada = call.join("Ada");

    grace.seesMoving("Guest");
    grace.seesTile("Stage", "paused", tile -> tile.note().equals(NOTE) && !tile.withPicture());
    ada.seesMoving("Stage");
    ada.seesMoving("Guest");
    ada.seesTile("Stage", "without a note", tile -> tile.note().isEmpty());
    grace.screenshot("paused-codec");

    // Whoever is shown alone sits in the first seat.
    grace.evaluate("window.probe.show('Stage')");
    grace.seesTile("Stage", "paused", tile -> tile.note().equals(NOTE));
    grace.evaluate("window.probe.show('Guest')");
    grace.seesMoving("Guest");
    grace.evaluate("window.probe.show('Stage')");
    grace.seesTile("Stage", "paused", tile -> tile.note().equals(NOTE) && !tile.withPicture());
    grace.evaluate("window.probe.show('Ada')");
    grace.seesMoving("Ada");
  }

  private static ChromiumParticipant joinWithoutH264(Call call, String name) {
    ChromiumParticipant participant = call.enter(name);
    participant.page().addInitScript(WITHOUT_H264);
    participant.page().navigate(call.address(name, Call.SMALL));
    return participant;
  }

  private static void publish(Call call, String name, String codec, String colour) {
    WhipClient.of(call, name + "-page")
        .publish(
            "/whip/lobby?name=" + name, "{codecs: ['" + codec + "'], colour: '" + colour + "'}");
  }

  private static void sends(ChromiumParticipant publisher, String codec) {
    eventually(
        publisher.name() + " to send " + codec,
        () -> publisher.evaluate("window.probe.codecSent()"),
        codec::equals);
  }
}
