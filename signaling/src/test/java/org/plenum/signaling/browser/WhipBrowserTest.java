package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("browser")
@ExtendWith(CallExtension.class)
class WhipBrowserTest {
  private static final String ONE_SEAT = "'audio', 'video'";
  private static final String TWO_SEATS = "'audio', 'video', 'audio', 'video'";

  @Test
  void aWhipPublisherIsSeenByThePageAndByWhep(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage");
    ada.seesAndHears("Stage");

    WhipClient viewer = WhipClient.of(call, "Viewer");
    viewer.view("/whep/lobby", TWO_SEATS);
    viewer.receivesIn("0", "1", "2", "3");
    assertEquals("2", ada.sight().count(), "the viewer takes no place in the roster");
    assertEquals("1 watching", watching(ada));

    assertEquals("200", stage.end());
    QuietConsole.mayRead(GONE, "a session is asked for that has ended");
    assertEquals("404", stage.end());
    ada.sees("nobody", sight -> sight.tiles().isEmpty());
    viewer.receivesIn("0", "1");
    assertEquals("200", viewer.end());
    eventually("nobody to watch", () -> ada.evaluate(WATCHING), String::isEmpty);
  }

  @Test
  void aViewerWhoWaitsSeesAPublisherWhoComesLater(Call call) {
    WhipClient viewer = WhipClient.of(call, "Viewer");
    viewer.view("/whep/lobby", TWO_SEATS);
    WhipClient first = WhipClient.of(call, "First");
    first.publish("/whip/lobby");
    viewer.receivesIn("0", "1");
    assertEquals(Set.of("0", "1"), viewer.everReceivedIn());

    WhipClient second = WhipClient.of(call, "Second");
    second.publish("/whip/lobby");
    viewer.receivesIn("0", "1", "2", "3");
  }

  @Test
  void restartingIceByPatchKeepsMediaGoing(Call call) {
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby");
    WhipClient viewer = WhipClient.of(call, "Viewer");
    viewer.view("/whep/lobby", ONE_SEAT);
    viewer.receivesIn("0", "1");

    for (WhipClient client : List.of(stage, viewer, stage)) {
      List<String> etags = client.restartIce();
      assertNotEquals(etags.get(0), etags.get(1));
      viewer.receivesIn("0", "1");
    }
  }

  @Test
  void somebodyWhoPublishesAndViewsIsNotSentTheirOwnTracks(Call call) {
    WhipClient own = WhipClient.of(call, "Own");
    own.publish("/whip/lobby?identity=ada");
    WhipClient viewer = WhipClient.of(call, "Viewer");
    viewer.view("/whep/lobby?identity=ada", TWO_SEATS);
    WhipClient stranger = WhipClient.of(call, "Stranger");
    stranger.view("/whep/lobby?identity=bob", ONE_SEAT);
    stranger.receivesIn("0", "1");

    WhipClient other = WhipClient.of(call, "Other");
    other.publish("/whip/lobby");
    viewer.receivesIn("0", "1");
    assertEquals(Set.of("0", "1"), viewer.everReceivedIn(), "the first seat went to the other");
  }

  @Test
  void aSessionEndsWithItsPeerConnection(Call call) {
    ChromiumParticipant ada = call.join("Ada");
    WhipClient stage = WhipClient.of(call, "Stage");
    stage.publish("/whip/lobby?name=Stage");
    ada.seesAndHears("Stage");
    assertEquals("204", stage.sessionStatus());
    stage.close();
    ada.sees("nobody", sight -> sight.tiles().isEmpty());
    QuietConsole.mayRead(GONE, "a session is asked for that has ended");
    assertEquals("404", stage.sessionStatus());
  }

  private static final String GONE =
      "Failed to load resource: the server responded with a status of 404 (Not Found)"
          + " at /whip/lobby/*";

  private static final String WATCHING =
      "document.getElementById('watching').hidden ? '' : "
          + "document.getElementById('watching').textContent.trim()";

  private static String watching(ChromiumParticipant page) {
    return eventually("a count of viewers", () -> page.evaluate(WATCHING), text -> !text.isEmpty());
  }
}
