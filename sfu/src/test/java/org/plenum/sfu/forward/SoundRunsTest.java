package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Which packets of sound are left out, and how many were before each.
class SoundRunsTest {
  private final SoundRuns runs = new SoundRuns();

  private int omittedBefore(long number) {
    return Omitted.packets(runs.omittedBefore(number));
  }

  @Test
  void nothingIsLeftOutAtFirst() {
    assertTrue(runs.isOpen());
    assertFalse(runs.isLeftOut(-5));
    assertEquals(Omitted.NOTHING, runs.omittedBefore(70_000));
    assertFalse(runs.beginsTalkspurt(70_000));
    assertEquals(70_000, runs.talkspurtStart(70_000, 10));
  }

  @Test
  void whatIsForwardedHasNoGaps() {
    for (long number = 100; number < 200; number++) {
      runs.decide(number, number < 120 || number >= 150);
    }
    assertEquals(0, omittedBefore(119));
    assertTrue(runs.isLeftOut(120));
    assertTrue(runs.isLeftOut(149));
    assertFalse(runs.isLeftOut(150));
    assertEquals(30, omittedBefore(150));
    assertEquals(30, omittedBefore(199));
    assertTrue(runs.beginsTalkspurt(150));
    assertFalse(runs.beginsTalkspurt(151));
    assertEquals(150, runs.talkspurtStart(158, 10));
    assertEquals(170, runs.talkspurtStart(170, 10), "long ago");
  }

  @Test
  void whatIsLostInSilenceLeavesNoGapAndWhatIsLostInSpeechKeepsItsNumber() {
    runs.decide(100, true);
    runs.decide(103, false);
    runs.decide(110, true);
    assertEquals(0, omittedBefore(102), "late, but of the speech");
    assertFalse(runs.isLeftOut(102));
    assertTrue(runs.isLeftOut(107));
    assertEquals(7, omittedBefore(110));
  }

  @Test
  void whatIsTooOldToTellIsLeftOut() {
    for (int i = 0; i < 20; i++) {
      runs.decide(1_000 + 10 * i, i % 2 == 1);
    }
    assertTrue(runs.isLeftOut(1_015));
    assertFalse(runs.isLeftOut(1_195));
  }

  /// In whatever order packets come: each forwarded one has a number of its own, and none is left
  /// free but for those that never came.
  @Test
  void numbersAreUniqueInAnyOrder() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var sound = new SoundRuns();
      var numbers = new TreeSet<Long>();
      boolean open = true;
      int forwarded = 0;
      long number = 1L << 20;
      boolean[] came = new boolean[4_000];
      for (int i = 0; i < came.length; i++) {
        // Of each four packets the second comes last.
        int at = i % 4 == 1 ? i + 2 : i % 4 == 3 ? i - 2 : i;
        open = random.nextInt(40) == 0 ? !open : open;
        sound.decide(number + at, open);
        came[at] = true;
        if (!sound.isLeftOut(number + at)) {
          forwarded++;
          long sent = number + at - Omitted.packets(sound.omittedBefore(number + at));
          assertTrue(numbers.add(sent), "twice: " + sent + ", seed " + seed);
        }
      }
      assertEquals(forwarded, numbers.last() - numbers.first() + 1, "gaps, seed " + seed);
    }
  }
}
