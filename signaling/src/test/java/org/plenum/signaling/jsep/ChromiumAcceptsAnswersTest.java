package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.SeatParameters;

/// A real Chromium offers, and takes what we answer.
@Tag("browser")
class ChromiumAcceptsAnswersTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  private static final String SCRIPT =
      """
      () => {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, 9, 9);
        window.video = canvas.captureStream(5).getVideoTracks()[0];
        window.audio =
            new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0];
        window.pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
        window.streams = {};
        pc.ontrack = e => streams[e.transceiver.mid] = e.streams.map(s => s.id).join();
        window.seat = () => ['audio', 'video'].map(
            kind => pc.addTransceiver(kind, {direction: 'recvonly'}));
        window.go = async options => {
          await pc.setLocalDescription(await pc.createOffer(options));
          await pc.setRemoteDescription({type: 'answer', sdp: await answer(pc.localDescription.sdp)});
          return pc.getTransceivers()
              .map(t => (t.mid ?? 'gone') + ':' + (t.currentDirection ?? 'none')).join(' ');
        };
        window.send = () => {
          pc.addTransceiver(audio, {direction: 'sendonly'});
          pc.addTransceiver(video, {direction: 'sendonly'});
        };
      }
      """;

  private static Playwright playwright;
  private static Browser browser;

  private final Negotiator negotiator = new Negotiator(42);
  private List<SeatParameters> seats = List.of();
  private Negotiation last;
  private Page page;

  @BeforeAll
  static void launch() {
    assumeTrue(Files.isExecutable(CHROMIUM), "Debian's chromium is not installed");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setTimeout(30_000)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking")));
  }

  @AfterAll
  static void close() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @BeforeEach
  void openPage() {
    page = browser.newPage();
    page.setDefaultTimeout(20_000);
    page.exposeFunction(
        "answer",
        arguments -> {
          last = negotiator.negotiate((String) arguments[0], List.of(), seats);
          return last.answer(Offers.answerTo(last.offer()));
        });
    page.evaluate(SCRIPT);
  }

  private Object go(String script) {
    return page.evaluate("async () => {" + script + "}");
  }

  @Test
  void fourSeatsThenFourMoreThenARestart() {
    seats = Offers.seats(4, 2);
    assertEquals(
        "0:sendonly 1:sendonly 2:recvonly 3:recvonly 4:recvonly 5:recvonly"
            + " 6:recvonly 7:recvonly 8:recvonly 9:recvonly",
        go("send(); for (let i = 0; i < 4; i++) seat(); return go();"));
    assertEquals("seat-3", go("return streams['9'];"));
    assertEquals(true, go("return streams['8'] === streams['9'];"));
    String ufrag = last.offer().ice().ufrag();

    seats = Offers.seats(8, 2);
    go("for (let i = 0; i < 4; i++) seat(); return go();");
    assertEquals("seat-7", go("return streams['17'];"));
    assertEquals(ufrag, last.offer().ice().ufrag());
    assertEquals(16, last.offer().slots().size());

    go("return go({iceRestart: true});");
    assertTrue(!ufrag.equals(last.offer().ice().ufrag()), "the restart brought new credentials");
  }

  @Test
  void aRemovedTrackTurnsInactiveAndIsUsedAgain() {
    go("send(); return go();");
    assertEquals(
        "0:sendonly 1:inactive",
        go(
            "pc.getTransceivers()[1].sender.replaceTrack(null);"
                + "pc.getTransceivers()[1].direction = 'inactive'; return go();"));
    assertEquals(1, last.offer().tracks().size());

    assertEquals(
        "0:sendonly 1:sendonly",
        go(
            "await pc.getTransceivers()[1].sender.replaceTrack(video);"
                + "pc.getTransceivers()[1].direction = 'sendonly'; return go();"));
    assertEquals(2, last.offer().tracks().size());
  }

  @Test
  void aStoppedSectionIsRejectedAndItsPlaceTakenByAnother() {
    go("send(); return go();");
    go("pc.getTransceivers()[1].stop(); return go();");
    assertEquals(1, last.offer().tracks().size());

    assertEquals(
        "0:sendonly 2:sendonly",
        go("pc.addTransceiver(video, {direction: 'sendonly'}); return go();"));
    assertEquals("2", last.offer().tracks().get(1).mid().value());
  }

  @Test
  void aDataChannelBehindMediaIsRejected() {
    seats = List.of(new SeatParameters(0, Offers.mid(0), Offers.mid(1)));
    assertEquals(
        "0:recvonly 1:recvonly",
        go("seat(); await pc.setLocalDescription(); pc.createDataChannel('x'); return go();"));
    assertEquals(2, last.offer().slots().size());
  }

  /// With `max-bundle` Chromium refuses any answer that rejects the first section of the offer.
  @Test
  void aDataChannelBeforeMediaIsRejectedUnderTheDefaultPolicy() {
    seats = List.of(new SeatParameters(0, Offers.mid(1), Offers.mid(2)));
    assertEquals(
        "1:recvonly 2:recvonly",
        go(
            "window.pc = new RTCPeerConnection(); pc.createDataChannel('x');"
                + "await pc.setLocalDescription(); seat(); return go();"));
    assertEquals(2, last.offer().slots().size());
  }

  @Test
  void theFirstSectionMayBeStopped() {
    seats = List.of(new SeatParameters(0, Offers.mid(2), Offers.mid(3)));
    go("send(); seat(); return go();");
    assertEquals(
        "1:sendonly 2:recvonly 3:recvonly", go("pc.getTransceivers()[0].stop(); return go();"));
  }
}
