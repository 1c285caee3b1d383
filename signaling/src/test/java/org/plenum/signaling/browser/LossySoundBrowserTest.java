package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plenum.signaling.browser.WhipClient.Heard;

/// What a real browser hears where packets get lost, with redundant audio and without.
@Tag("browser")
@ExtendWith(CallExtension.class)
class LossySoundBrowserTest {
  /// Of 20 ms: ten seconds.
  private static final long PACKETS = 500;

  private static final String SOUND = "'audio'";
  private static final String REPEATED = "plenum_sound_repeated_total";
  private static final String RECOVERED = "plenum_sound_recovered_total";

  private static WhipClient publisher(Call call, String wishes) {
    WhipClient publisher = WhipClient.of(call, "Publisher");
    publisher.publish("/whip/lobby", wishes);
    return publisher;
  }

  private static WhipClient viewer(Call call, String name, String wishes) {
    WhipClient viewer = WhipClient.of(call, name);
    viewer.view("/whep/lobby", SOUND, wishes);
    return viewer;
  }

  /// From now on, until so many packets were sent.
  private static Heard hear(WhipClient viewer, Heard before) {
    return eventually(
        PACKETS + " packets of sound",
        () -> viewer.heard().since(before),
        heard -> heard.packets() + heard.lost() >= PACKETS);
  }

  /// A busy machine makes a browser late, which conceals that too, but not in all tens of seconds;
  /// what a path of 10 % loss takes, it takes in each.
  private static void hearsWell(WhipClient viewer) {
    eventually(
        "ten seconds of which little was lost and concealed",
        () -> hear(viewer, viewer.heard()),
        heard -> heard.concealment() < 0.04 && heard.lost() < PACKETS / 20);
  }

  @Test
  void redundancyMadeForAViewerConcealsWhatItsPathLoses(Call call) {
    WhipClient publisher = publisher(call, "{sound: ['opus']}");
    try (var one = new LossyRelay(call.mediaPort(), 0, 0.1, 1);
        var other = new LossyRelay(call.mediaPort(), 0, 0.1, 2)) {
      WhipClient red = viewer(call, "Red", "{through: " + one.port() + "}");
      WhipClient plain = viewer(call, "Plain", "{sound: ['opus'], through: " + other.port() + "}");
      eventually("sound", publisher::soundSent, "audio/opus"::equals);
      eventually("repetition", call::counted, text -> text.contains(REPEATED));
      eventually(
          "ten seconds in which a third is concealed of what is without redundancy",
          () -> {
            Heard redBefore = red.heard();
            Heard plainBefore = plain.heard();
            Heard withRed = hear(red, redBefore);
            Heard without = hear(plain, plainBefore);
            assertTrue(withRed.lost() > 20 && without.lost() > 20, "the paths lose packets");
            assertTrue(without.concealment() > 0.04, without.toString());
            return List.of(withRed, without);
          },
          heard -> heard.getFirst().concealment() < heard.getLast().concealment() / 3);
    }
  }

  @Tag("slow")
  @Test
  void redundancyOfAPublisherMendsItsPathForThoseWhoTakeNone(Call call) {
    try (var path = new LossyRelay(call.mediaPort(), 0.1, 0, 3)) {
      WhipClient publisher = publisher(call, "{through: " + path.port() + "}");
      WhipClient plain = viewer(call, "Plain", "{sound: ['opus']}");
      WhipClient red = viewer(call, "Red", "{}");
      eventually("redundant sound", publisher::soundSent, "audio/red"::equals);
      plain.receivesIn("0");
      red.receivesIn("0");
      hearsWell(plain);
      hearsWell(red);
      assertTrue(call.counted().contains(RECOVERED), call.counted());
      assertFalse(call.counted().contains(REPEATED), "the viewers' own paths lose nothing");
    }
  }
}
