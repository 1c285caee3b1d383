package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexWindowTest {
  @Test
  void agreesWithASetThatForgetsNothing() {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var window = new IndexWindow();
      var used = new HashSet<Long>();
      long highest = -1;
      for (int i = 0; i < 5_000; i++) {
        long index = Math.max(0, highest + random.nextInt(-1100, jump(random)));
        boolean fresh =
            index > highest || highest - index < IndexWindow.SIZE && !used.contains(index);
        assertEquals(fresh, window.isFresh(index));
        if (fresh) {
          window.mark(index);
          used.add(index);
          highest = Math.max(highest, index);
        }
        assertEquals(highest, window.highest());
      }
    }
  }

  private static int jump(Random random) {
    return random.nextInt(50) == 0 ? 5_000 : 30;
  }

  @Test
  void coversAtLeastTheWindowOfTheContract() {
    assertTrue(IndexWindow.SIZE >= 128);
  }

  @Test
  void holdsUpAtTheEndOf48Bits() {
    var window = new IndexWindow();
    long last = (1L << 48) - 1;
    window.mark(0);
    window.mark(last);
    assertFalse(window.isFresh(last));
    assertFalse(window.isFresh(0));
    assertTrue(window.isFresh(last - 1));
  }
}
