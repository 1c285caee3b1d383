package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.config.ServerConfig.Listener;
import org.plenum.signaling.config.ServerConfig.Media;

/// Firefox offers no candidate of 127.0.0.1, so media goes by an address of this machine: the
/// server offers
/// them all, as it does by default.
@Tag("browser")
class FirefoxBrowserTest {
  private static FirefoxProcess firefox;
  private static BidiConnection bidi;

  @RegisterExtension
  private final CallExtension calls = new CallExtension(FirefoxBrowserTest::config);

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(hasRealAddress(), "Firefox needs an IPv4 address other than 127.0.0.1.");
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

  private static ServerConfig config() {
    Listener loopback = new Listener("127.0.0.1", 0);
    Media media = new Media(0, 1, List.of(), List.of(), false, MediaPortKind.AUTO);
    return new ServerConfig(loopback, loopback, media, List.of());
  }

  private static boolean hasRealAddress() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .anyMatch(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress());
  }
}
