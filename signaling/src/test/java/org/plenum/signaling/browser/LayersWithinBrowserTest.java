package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.browser.Eventually.eventually;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A viewer goes at random through the sizes and rates of a picture that is sent in temporal
/// layers, spatial layers, or encodings, by Chromium's own encoders: its decoder never meets a
/// frame whose references were left out.
@Tag("browser")
@ExtendWith(CallExtension.class)
class LayersWithinBrowserTest {
  private static final int HEIGHT = 360;
  private static final int FRAMERATE = 30;
  private static final List<Integer> HEIGHTS = List.of(90, 180, 360);
  private static final List<Integer> FRAMERATES = List.of(7, 15, 30);

  /// With dependency descriptors, without which AV1's spatial layers are not taken apart.
  private static final String DESCRIBED = " described";

  /// @param structure `VP9 L3T3_KEY`, or `VP8 3×L1T3` for three encodings
  @ParameterizedTest
  @ValueSource(
      strings = {"VP8 3×L1T3", "VP9 L3T3", "VP9 L3T3_KEY", "AV1 L3T3", "AV1 L3T3 described"})
  void aFewSwitchesOfSizeAndRateLeaveNoTrace(String structure, Call call) {
    run(structure, 20, call);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "VP8 L1T2",
        "H264 L1T3",
        "VP9 L1T3",
        "VP8 3×L1T3",
        "H264 3×L1T3",
        "VP9 3×L1T3",
        "VP9 L2T1",
        "VP9 L3T3",
        "VP9 L3T3_KEY",
        "AV1 3×L1T3",
        "AV1 L1T3",
        "AV1 L3T3",
        "AV1 L3T3 described",
        "AV1 L3T3_KEY described"
      })
  void twoHundredSwitchesOfSizeAndRateLeaveNoTrace(String structure, Call call) {
    run(structure, 200, call);
  }

  private static void run(String structure, int switches, Call call) {
    String codec = structure.substring(0, structure.indexOf(' '));
    boolean described = structure.endsWith(DESCRIBED);
    WhipClient.of(call, "Stage")
        .publish(
            "/whip/lobby?name=Stage",
            ("{codecs: ['%s'], colour: 'purple', drawn: {width: 640, height: %d, frameRate: %d},"
                    + " described: %b, %s}")
                .formatted(codec, HEIGHT, FRAMERATE, described, encodings(structure)));
    SeatClient viewer = SeatClient.join(call, "Viewer", "undefined", described);
    viewer.showsWhoComes("Stage");
    SeatClient.State first = viewer.sees("purple", "Stage", codec);
    var random = new Random(structure.hashCode());
    for (int i = 0; i < switches; i++) {
      viewer.show("Stage", HEIGHTS.get(random.nextInt(3)), FRAMERATES.get(random.nextInt(3)));
      long before = viewer.state().framesDecoded();
      int frames = 1 + random.nextInt(6);
      eventually(
          "frames after switch " + i,
          viewer::state,
          state -> state.framesDecoded() >= before + frames);
    }
    for (int height : heights(structure)) {
      viewer.show("Stage", height, FRAMERATE);
      viewer.seesHeight(height);
    }
    viewer.show("Stage", HEIGHT, FRAMERATE);
    viewer.sees("purple", "Stage", codec);
    SeatClient.State last = viewer.state();
    System.out.printf("%s: %s, then %s%n", structure, first, last);
    assertEquals(first.pliCount(), last.pliCount(), "pictures that the viewer could not decode");
    assertEquals(first.nackCount(), last.nackCount(), "gaps in the sequence numbers");
    long frozen = last.freezeCount() - first.freezeCount();
    // A busy machine makes a few; one at every switch up, which are nearly half, is a fault.
    assertTrue(frozen <= switches / 4, frozen + " freezes");
    assertEquals("", viewer.strange());
    assertTrue(viewer.seen().stream().allMatch(seen -> seen.name().equals("purple")));
  }

  /// Those that it can be switched to, from one to the next and back: a test in which nothing is
  /// switched would prove nothing. Of this size Chromium makes two spatial layers however many are
  /// asked for, and of three encodings sends the two smaller ones of what moves so little.
  private static List<Integer> heights(String structure) {
    if (structure.contains("3×")) {
      return List.of(90, 180, 90);
    }
    boolean isApart = !structure.startsWith("AV1") || structure.endsWith(DESCRIBED);
    return structure.contains("L1") || !isApart ? List.of() : List.of(180, 360, 180);
  }

  private static String encodings(String structure) {
    String mode = structure.split(" ")[1].replace("3×", "");
    String first = "scalabilityMode: '" + mode + "'";
    return structure.contains("3×")
        ? ("encodings: [{rid: 'q', scaleResolutionDownBy: 4, %s}, "
                + "{rid: 'h', scaleResolutionDownBy: 2, %s}, {rid: 'f', %s}]")
            .formatted(first, first, first)
        : "encodings: [{" + first + "}]";
  }
}
