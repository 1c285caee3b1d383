package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Firefox offers no candidate of 127.0.0.1, so media goes by an address of this machine.
@Tag("browser")
class FirefoxBrowserTest {
  private static FirefoxProcess firefox;
  private static BidiConnection bidi;

  @RegisterExtension private final CallExtension calls = new CallExtension(RealAddress::config);

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(RealAddress.isThere(), "Firefox needs an IPv4 address other than 127.0.0.1.");
    firefox = new FirefoxProcess();
    bidi = new BidiConnection(firefox.address());
    FirefoxParticipant.prepare(bidi);
  }

  @AfterAll
  static void stop() {
    if (bidi != null) {
      bidi.close();
    }
    if (firefox != null) {
      firefox.close();
    }
  }

  @Test
  void firefoxAndChromiumSeeAndHearEachOther(Call call) throws IOException {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.join("Ada");
      grace.open(call.address("Grace", Call.SMALL));

      ada.seesAndHears("Grace");
      grace.seesAndHears("Ada");
      grace.screenshot("two-firefox");
    }
  }

  @Test
  void firefoxMutesReloadsAndLeavesLikeAnyOther(Call call) {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      ChromiumParticipant ada = call.join("Ada");
      grace.open(call.address("Grace", Call.SMALL));
      ada.seesAndHears("Grace");

      grace.press("cam");
      grace.press("mic");
      ada.seesTile("Grace", "muted", tile -> tile.soundOff() && !tile.withPicture());
      grace.press("cam");
      grace.press("mic");
      ada.seesAndHears("Grace");

      grace.reload();
      grace.seesAndHears("Ada");
      assertEquals(0, ada.seesAndHears("Grace").ghosts());

      grace.press("leave");
      ada.sees("nobody", sight -> sight.tiles().isEmpty());
    }
  }

  @Test
  void firefoxGetsMoreSeatsAndRestartsIce(Call call) {
    try (FirefoxParticipant grace = new FirefoxParticipant("Grace", bidi)) {
      String[] others = {"Ada", "Barbara", "Donald", "Edsger", "Linus"};
      grace.open(call.address("Grace", Call.TINY));
      for (String name : others) {
        call.join(name, Call.TINY);
      }
      Sight six = grace.seesAndHears(others);
      assertEquals(2, six.offers());

      grace.evaluate("window.probe.changeNetwork()");
      grace.sees("the restart", sight -> sight.offers() == 3);
      assertEquals(1, grace.seesAndHears(others).peers());
    }
  }

  @Test
  void firefoxPublishesByWhipAndViewsByWhep(Call call) {
    try (FirefoxParticipant stage = new FirefoxParticipant("Stage", bidi);
        FirefoxParticipant viewer = new FirefoxParticipant("Viewer", bidi)) {
      ChromiumParticipant ada = call.join("Ada");
      stage.open(call.base() + "/plenum-client.js");
      new WhipClient(stage).publish("/whip/lobby?name=Stage");
      ada.seesAndHears("Stage");

      viewer.open(call.base() + "/plenum-client.js");
      WhipClient whep = new WhipClient(viewer);
      whep.view("/whep/lobby", "'audio', 'video', 'audio', 'video'");
      whep.receivesIn("0", "1", "2", "3");
      assertEquals("200", whep.end());
    }
  }

  @Test
  void layersOfFirefoxAreSeenByChromium(Call call) {
    try (FirefoxParticipant stage = new FirefoxParticipant("Stage", bidi)) {
      stage.open(call.base() + "/plenum-client.js");
      WhipClient whip = new WhipClient(stage);
      whip.publish("/whip/lobby?name=Stage", WhipClient.THREE_LAYERS);
      Map<String, Integer> sent =
          eventually("three layers sent", whip::layersSent, layers -> layers.size() == 3);
      assertEquals(3, Set.copyOf(sent.values()).size(), "of different heights: " + sent);

      SeatClient viewer = SeatClient.join(call, "Viewer");
      for (String rid : List.of("q", "h", "f", "q")) {
        viewer.show("Stage", sent.get(rid));
        viewer.seesHeight(sent.get(rid));
      }
    }
  }

  /// What Firefox encodes by itself, Chromium decodes, and so does Firefox. H264 it lists too, but
  /// has to download for that.
  @Tag("slow")
  @Test
  void everyCodecOfFirefoxIsSeen(Call call) {
    try (FirefoxParticipant stage = new FirefoxParticipant("Stage", bidi);
        FirefoxParticipant player = new FirefoxParticipant("Player", bidi)) {
      player.open(call.base() + "/plenum-client.js");
      WhipClient whep = new WhipClient(player);
      whep.view("/whep/lobby", "'video'");
      SeatClient viewer = SeatClient.join(call, "Viewer");
      stage.open(call.base() + "/plenum-client.js");
      for (String codec : codecsOf(stage)) {
        WhipClient whip = new WhipClient(stage);
        whip.publish("/whip/lobby?name=" + codec, "{codecs: ['" + codec + "'], colour: 'purple'}");
        viewer.showsWhoComes(codec);
        viewer.sees("purple", codec, codec);
        whep.receivesIn("0");
        assertEquals("video/" + codec, whep.codecs().get("0"));
        assertEquals("200", whip.end());
        whip.close();
      }
    }
  }

  private static List<String> codecsOf(Participant firefox) {
    String capabilities =
        firefox.evaluate(
            "RTCRtpSender.getCapabilities('video').codecs.map(c => c.mimeType).join()");
    List<String> codecs =
        Stream.of("VP8", "VP9", "AV1")
            .filter(codec -> capabilities.contains("video/" + codec))
            .toList();
    assertTrue(codecs.containsAll(List.of("VP8", "VP9")), capabilities);
    return codecs;
  }
}
