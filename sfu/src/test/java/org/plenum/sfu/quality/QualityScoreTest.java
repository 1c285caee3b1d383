package org.plenum.sfu.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.quality.PublisherSecond.Limitation.BANDWIDTH;
import static org.plenum.sfu.quality.PublisherSecond.Limitation.CPU;
import static org.plenum.sfu.quality.PublisherSecond.Limitation.NONE;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whose fault it is.
class QualityScoreTest {
  private static final PublisherSecond FINE = publisher(0, 0, 20, NONE, 0);

  private static PublisherSecond publisher(
      int lost, int unrepaired, int frames, PublisherSecond.Limitation limitation, int wait) {
    return new PublisherSecond(200, lost, unrepaired, 3, 20, frames, limitation, wait, 0, 0);
  }

  /// A camera shown 720 high.
  private static ViewerSecond viewer(
      double lost, double roundTrip, int nacks, int height, int queue, int freeze, int shown) {
    return new ViewerSecond(
        lost, 3, roundTrip, nacks, 720, height, 20, 20, queue, freeze, 20, shown);
  }

  private static final ViewerSecond SEEN = viewer(0, 40, 0, 720, 0, 0, 20);

  static Stream<Arguments> seconds() {
    ServerSecond clean = ServerSecond.CLEAN;
    return Stream.of(
        second("nothing is wrong", FINE, clean, SEEN, QualityGrade.GOOD, QualityCause.NONE),
        second(
            "loss on the uplink that was repaired",
            publisher(10, 0, 20, NONE, 0),
            clean,
            SEEN,
            QualityGrade.GOOD,
            QualityCause.NONE),
        second(
            "loss on the uplink that was not, which the viewer reports too",
            publisher(16, 16, 17, NONE, 0),
            clean,
            viewer(0.08, 40, 20, 720, 0, 200, 17),
            QualityGrade.POOR,
            QualityCause.PUBLISHER_UPLINK),
        second(
            "frames missing at the server, the encoder is short of bandwidth",
            publisher(0, 0, 8, BANDWIDTH, 0),
            clean,
            SEEN,
            QualityGrade.FAIR,
            QualityCause.PUBLISHER_UPLINK),
        second(
            "frames missing at the server, the encoder is short of processing power",
            publisher(0, 0, 8, CPU, 0),
            clean,
            SEEN,
            QualityGrade.FAIR,
            QualityCause.PUBLISHER_DEVICE),
        second(
            "the camera stands still, nothing is lost",
            publisher(0, 0, 0, NONE, 0),
            clean,
            viewer(0, 40, 0, 720, 0, 1_000, 20),
            QualityGrade.BAD,
            QualityCause.PUBLISHER_DEVICE),
        second(
            "a key frame did not come, nothing was lost",
            publisher(0, 0, 20, NONE, 900),
            clean,
            viewer(0, 40, 0, 720, 0, 600, 20),
            QualityGrade.BAD,
            QualityCause.PUBLISHER_DEVICE),
        second(
            "a key frame did not come, the uplink loses",
            publisher(20, 2, 18, NONE, 900),
            clean,
            viewer(0, 40, 0, 720, 0, 600, 20),
            QualityGrade.BAD,
            QualityCause.PUBLISHER_UPLINK),
        second(
            "the kernel takes no packets, which the viewer reports as loss",
            FINE,
            new ServerSecond(200, 30, 0, 0),
            viewer(0.15, 40, 30, 720, 0, 100, 18),
            QualityGrade.BAD,
            QualityCause.SERVER),
        second(
            "the worker comes late",
            FINE,
            new ServerSecond(200, 0, 0, 300),
            viewer(0, 40, 0, 720, 0, 200, 20),
            QualityGrade.POOR,
            QualityCause.SERVER),
        second(
            "loss on the downlink, repaired in time",
            FINE,
            clean,
            viewer(0.02, 40, 4, 720, 0, 0, 20),
            QualityGrade.GOOD,
            QualityCause.NONE),
        second(
            "loss on the downlink, not repaired in time",
            FINE,
            clean,
            viewer(0.1, 200, 20, 720, 0, 400, 15),
            QualityGrade.POOR,
            QualityCause.VIEWER_DOWNLINK),
        second(
            "half the height for want of bandwidth",
            FINE,
            clean,
            viewer(0, 40, 0, 360, 60, 0, 20),
            QualityGrade.GOOD,
            QualityCause.NONE),
        second(
            "a quarter of the height for want of bandwidth",
            FINE,
            clean,
            viewer(0, 40, 0, 180, 60, 0, 20),
            QualityGrade.FAIR,
            QualityCause.VIEWER_DOWNLINK),
        second(
            "paused for want of bandwidth",
            FINE,
            clean,
            viewer(0, 40, 0, 0, 0, 0, 20),
            QualityGrade.BAD,
            QualityCause.VIEWER_DOWNLINK),
        second(
            "a queue grows before the downlink",
            FINE,
            clean,
            viewer(0, 200, 0, 720, 500, 0, 20),
            QualityGrade.FAIR,
            QualityCause.VIEWER_DOWNLINK),
        second(
            "everything came, half of it is shown",
            FINE,
            clean,
            viewer(0, 40, 0, 720, 0, 300, 10),
            QualityGrade.POOR,
            QualityCause.VIEWER_DEVICE),
        second(
            "everything came, the picture stands still",
            FINE,
            clean,
            viewer(0, 40, 0, 720, 0, 500, 20),
            QualityGrade.FAIR,
            QualityCause.VIEWER_DEVICE),
        second(
            "the picture stands still while packets are asked for again",
            FINE,
            clean,
            viewer(0, 40, 5, 720, 0, 500, 20),
            QualityGrade.FAIR,
            QualityCause.VIEWER_DOWNLINK),
        second(
            "pictures left out for want of bandwidth",
            FINE,
            clean,
            new ViewerSecond(0, 3, 40, 0, 720, 720, 20, 10, 0, 0, 20, 20),
            QualityGrade.GOOD,
            QualityCause.NONE),
        second(
            "half the height, and half of the pictures",
            FINE,
            clean,
            new ViewerSecond(0, 3, 40, 0, 720, 360, 20, 10, 0, 0, 20, 20),
            QualityGrade.FAIR,
            QualityCause.VIEWER_DOWNLINK),
        second(
            "the uplink carries the smallest picture only",
            new PublisherSecond(200, 0, 0, 3, 20, 20, NONE, 0, 720, 180),
            clean,
            SEEN,
            QualityGrade.FAIR,
            QualityCause.PUBLISHER_UPLINK),
        second(
            "the encoder lacks power for more than the smallest picture",
            new PublisherSecond(200, 0, 0, 3, 20, 20, CPU, 0, 720, 180),
            clean,
            SEEN,
            QualityGrade.FAIR,
            QualityCause.PUBLISHER_DEVICE),
        second(
            "sound that comes through",
            PublisherSecond.CLEAN,
            clean,
            ViewerSecond.CLEAN,
            QualityGrade.GOOD,
            QualityCause.NONE),
        second(
            "sound that is lost on the downlink",
            PublisherSecond.CLEAN,
            clean,
            new ViewerSecond(0.3, 3, 60, 0, 0, 0, 0, 0, 0, 400, 0, 0),
            QualityGrade.POOR,
            QualityCause.VIEWER_DOWNLINK));
  }

  private static Arguments second(
      String what,
      PublisherSecond publisher,
      ServerSecond server,
      ViewerSecond viewer,
      QualityGrade grade,
      QualityCause cause) {
    return Arguments.of(what, publisher, server, viewer, grade, cause);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seconds")
  void blamesTheFirstPlaceThatExplainsIt(
      String what,
      PublisherSecond publisher,
      ServerSecond server,
      ViewerSecond viewer,
      QualityGrade grade,
      QualityCause cause) {
    Quality quality = QualityScore.of(publisher, server, viewer);
    assertEquals(cause, quality.cause(), what + ": " + quality);
    assertEquals(grade, quality.grade(), what + ": " + quality);
  }

  @Test
  void nothingToComplainOfIsAHundred() {
    assertEquals(
        new Quality(100, QualityCause.NONE),
        QualityScore.of(PublisherSecond.CLEAN, ServerSecond.CLEAN, ViewerSecond.CLEAN));
  }

  @Test
  void fewerPicturesAreWorseThanAllOfThem() {
    int before = 101;
    for (int frames : new int[] {20, 15, 10, 5}) {
      var viewer = new ViewerSecond(0, 3, 40, 0, 720, 720, 20, frames, 0, 0, 20, 20);
      int score = QualityScore.of(FINE, ServerSecond.CLEAN, viewer).score();
      assertTrue(score < before, frames + " pictures a second: " + score);
      before = score;
    }
  }

  /// Pages tell of a freeze when it is over.
  @Test
  void aFreezeIsBlamedOnWhatWasWrongBefore() {
    ViewerSecond frozen = viewer(0, 40, 0, 720, 0, 900, 10);
    assertEquals(
        QualityCause.PUBLISHER_UPLINK,
        QualityScore.of(FINE, ServerSecond.CLEAN, frozen, QualityCause.PUBLISHER_UPLINK).cause());
    assertEquals(
        QualityCause.VIEWER_DEVICE, QualityScore.of(FINE, ServerSecond.CLEAN, frozen).cause());
  }

  @Test
  void moreFreezingNeverScoresBetter() {
    int before = 101;
    for (int freeze = 0; freeze <= 1_000; freeze += 50) {
      int score =
          QualityScore.of(FINE, ServerSecond.CLEAN, viewer(0, 40, 0, 720, 0, freeze, 20)).score();
      assertTrue(score <= before);
      before = score;
    }
    assertTrue(before < 35);
  }

  @Test
  void whateverIsToldTheScoreIsAScore() {
    var random = new Random(9);
    for (int round = 0; round < 10_000; round++) {
      Quality quality =
          QualityScore.of(
              new PublisherSecond(
                  number(random),
                  number(random),
                  number(random),
                  real(random),
                  number(random),
                  number(random),
                  CPU,
                  number(random),
                  number(random),
                  number(random)),
              new ServerSecond(number(random), number(random), number(random), number(random)),
              new ViewerSecond(
                  real(random),
                  real(random),
                  real(random),
                  number(random),
                  number(random),
                  number(random),
                  number(random),
                  number(random),
                  number(random),
                  number(random),
                  number(random),
                  number(random)));
      assertTrue(quality.score() >= 0 && quality.score() <= 100, quality.toString());
      assertEquals(quality.grade() == QualityGrade.GOOD, quality.cause() == QualityCause.NONE);
    }
  }

  private static int number(Random random) {
    int[] some = {0, 1, -1, 100, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt()};
    return some[random.nextInt(some.length)];
  }

  private static double real(Random random) {
    double[] some = {0, 0.5, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    return some[random.nextInt(some.length)];
  }

  @Test
  void namesAreThoseOfTheProtocol() {
    assertEquals("viewer-downlink", QualityCause.VIEWER_DOWNLINK.label());
    assertEquals("good", QualityGrade.GOOD.label());
  }
}
