package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.sfu.Mid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SlotBinding;

/// One viewer of several publishers behind a link that does not carry the smallest picture of each:
/// some are paused, and the queue before the link, which is of our own making, is emptied.
class ManyPicturesTest {
  private static final int PUBLISHERS = 5;

  /// A queue of a second is what home routers have.
  @ParameterizedTest
  @CsvSource({"0, 1000", "1, 1000", "2, 1000", "0, 300", "1, 300", "2, 300"})
  void linkThatCarriesOnlySomeOfThem(int seed, int queueMillis) {
    try (var call = new SimulatedCall(seed)) {
      for (int i = 0; i < PUBLISHERS; i++) {
        call.publisher("p" + i).enter();
      }
      SimulatedViewer viewer = call.viewer("v");
      viewer
          .down
          .rate(10_000_000)
          .queue(queueMillis)
          .rateAt(10, 400_000)
          .rateAt(20, 600_000)
          .rateAt(60, 3_000_000);
      viewer.enter(PUBLISHERS);
      call.runUntil(90);
      print(viewer, 10, 14, 20, 23, 60, 66, 90);
      assertEquals(0, viewer.corrupt(), "frames with a wrong reference");
      assertTrue(framesPerSecond(viewer, 14, 20) >= 4, "frames a second on 400 kb/s");
      assertTrue(framesPerSecond(viewer, 23, 60) >= 15, "frames a second on 600 kb/s");
      for (int second = 14; second < 90; second++) {
        assertTrue(framesPerSecond(viewer, second, second + 3) > 0, "nothing from " + second);
      }
      assertTrue(framesPerSecond(viewer, 66, 90) >= 70, "frames a second on 3 Mb/s");
      assertTrue(pauses(viewer).contains(SlotBinding.PauseReason.BANDWIDTH), "it is said why");
      assertTrue(pausedAtLast(viewer).isEmpty(), pausedAtLast(viewer) + " at the end");
    }
  }

  private static List<SlotBinding> said(SimulatedViewer viewer) {
    return viewer.events.stream()
        .filter(RoomEvent.SlotBound.class::isInstance)
        .map(event -> ((RoomEvent.SlotBound) event).binding())
        .toList();
  }

  private static List<SlotBinding.PauseReason> pauses(SimulatedViewer viewer) {
    return said(viewer).stream().map(SlotBinding::paused).filter(Objects::nonNull).toList();
  }

  private static List<SlotBinding> pausedAtLast(SimulatedViewer viewer) {
    Map<Mid, SlotBinding> latest = new HashMap<>();
    said(viewer).forEach(each -> latest.put(each.mid(), each));
    return latest.values().stream().filter(each -> each.paused() != null).toList();
  }

  private static void print(SimulatedViewer viewer, int... seconds) {
    for (int i = 1; i < seconds.length; i++) {
      System.out.printf(
          Locale.ROOT,
          "five pictures, %d to %d s: %.1f frames a second in all%n",
          seconds[i - 1],
          seconds[i],
          framesPerSecond(viewer, seconds[i - 1], seconds[i]));
    }
  }

  private static double framesPerSecond(SimulatedViewer viewer, double from, double to) {
    double sum = 0;
    for (int i = 0; i < PUBLISHERS; i++) {
      sum += viewer.picture(i).framesPerSecond(from, to);
    }
    return sum;
  }
}
