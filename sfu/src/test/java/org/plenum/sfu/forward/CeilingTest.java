package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CeilingTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long WHOLE = 500_000;
  private static final long SMALLER = 150_000;

  private final Ceiling ceiling = new Ceiling();
  private long now = 7;

  /// Looks for so long, four times a second; returns how often the publisher was told.
  private int review(long roomBps, double seconds) {
    int told = 0;
    for (long end = now + (long) (seconds * SECOND); now < end; now += SECOND / 4) {
      long rateBps = Math.min(WHOLE, ceiling.bps());
      told += ceiling.review(roomBps, rateBps, SMALLER, false, now) ? 1 : 0;
    }
    return told;
  }

  @Test
  void isWhatTheViewerWithTheMostBandwidthCouldBeSent() {
    assertEquals(0, review(400_000, 1.25), "bandwidth that was lost only now");
    assertEquals(1, review(400_000, 10));
    assertEquals(400_000, ceiling.bps());
  }

  @Test
  void isNoneWhereSomebodyHasRoomForAll() {
    assertEquals(0, review(TrackSink.UNLIMITED, 10));
    assertEquals(0, review(WHOLE, 10));
    review(400_000, 10);
    assertEquals(1, review(TrackSink.UNLIMITED, 10));
    assertEquals(Ceiling.NONE, ceiling.bps());
  }

  @Test
  void isNoneWhereWhatIsLeftWouldBeWorseThanTheSmallerLayer() {
    assertEquals(0, review(0, 10));
    assertEquals(0, review(290_000, 10), "less than three fifths");
    assertFalse(
        ceiling.review(240_000, 250_000, 200_000, false, now), "hardly more than the smaller one");
    review(400_000, 10);
    assertEquals(1, review(100_000, 10), "it is of no use any more");
    assertEquals(Ceiling.NONE, ceiling.bps());
  }

  @Test
  void isLoweredAtOnceAndRaisedToWhatThereWasRoomForAllTheTime() {
    review(400_000, 10);
    assertEquals(1, review(340_000, 0.25));
    assertEquals(340_000, ceiling.bps());
    review(450_000, 1);
    review(420_000, 0.75);
    assertEquals(420_000, ceiling.bps());
  }

  @Test
  void staysWhileTheRoomIsNearlyTheSame() {
    review(400_000, 10);
    assertEquals(0, review(380_000, 10) + review(425_000, 10));
    assertTrue(review(450_000, 10) > 0);
  }

  @Test
  void whatBeginsGetsItAtOnceAndALittleLess() {
    assertTrue(ceiling.review(400_000, WHOLE, SMALLER, true, now));
    assertEquals(340_000, ceiling.bps());
    assertEquals(0, review(360_000, 10), "nearly the same");
    assertEquals(1, review(400_000, 10));
    assertEquals(400_000, ceiling.bps());
  }

  @Test
  void whatBeginsIsNotHeldBackWithoutNeed() {
    assertFalse(ceiling.review(600_000, WHOLE, SMALLER, true, now), "there is room for all of it");
    assertFalse(ceiling.review(340_000, WHOLE, SMALLER, true, now), "too little of it is left");
    assertEquals(Ceiling.NONE, ceiling.bps());
    double least = Ceiling.leastToBegin(WHOLE, SMALLER);
    assertTrue(ceiling.review((long) least + 1, WHOLE, SMALLER, true, now));
  }
}
