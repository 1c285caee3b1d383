package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.plenum.sfu.RoomId;

class ViewerCountsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Long.MAX_VALUE - 10 * SECOND;
  private static final RoomId BLUE = new RoomId("blue");

  private final ViewerCounts counts = new ViewerCounts();

  @Test
  void countsEachPageOnceAndEachRoomByItself() {
    for (int viewer = 1; viewer <= 12; viewer++) {
      assertEquals(viewer, said("page-" + viewer, 0).viewers());
    }
    assertEquals(12, said("page-1", 10).viewers());
    assertEquals(1, counts.watches(new RoomId("red"), "page-1", START).viewers());
  }

  /// A page says it every 30 s, a while is 40.
  @Test
  void forgetsWhoSaysNothingForTwoWhiles() {
    said("goes", 0);
    for (int seconds = 0; seconds <= 60; seconds += 30) {
      assertEquals(2, said("stays", seconds).viewers(), seconds + " s");
    }
    assertEquals(1, said("stays", 120).viewers());
    assertEquals(1, said("comes", 1_000).viewers(), "all of it is long ago");
  }

  @Test
  void countsManyAboutRightAndAsksThemLessOften() {
    assertEquals(30, said("first", 0).seconds());
    ViewerCounts.Count count = new ViewerCounts.Count(0, 0);
    for (int viewer = 1; viewer < 50_000; viewer++) {
      count = said("page-" + viewer, 1);
    }
    assertEquals(50_000, count.viewers(), 50_000 * 0.1);
    assertTrue(count.seconds() >= 450 && count.seconds() <= 550, count.toString());
    assertEquals(50_000, said("page-1", 500).viewers(), 50_000 * 0.1, "nobody had to say it yet");
  }

  private ViewerCounts.Count said(String viewer, int seconds) {
    return counts.watches(BLUE, viewer, START + seconds * SECOND);
  }
}
