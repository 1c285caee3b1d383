package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NanoTime;

class DeadlinesTest {
  private static final class Thing extends Deadlines.Waiting {
    long due = NanoTime.NEVER;
  }

  /// Against a list that is searched; near the end of the time scale, so that it wraps around.
  @Test
  void earliestIsAlwaysFirst() {
    var random = new Random(5);
    var deadlines = new Deadlines<Thing>();
    List<Thing> things = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      things.add(new Thing());
    }
    long start = Long.MAX_VALUE - 500;
    for (int i = 0; i < 50_000; i++) {
      Thing thing = things.get(random.nextInt(things.size()));
      switch (random.nextInt(3)) {
        case 0 -> {
          thing.due = start + random.nextInt(1_000) * 3L;
          deadlines.put(thing, thing.due);
        }
        case 1 -> {
          thing.due = NanoTime.NEVER;
          deadlines.remove(thing);
        }
        default -> takeEarliest(deadlines, things, start);
      }
      assertEquals(things.stream().filter(t -> t.due != NanoTime.NEVER).count(), deadlines.size());
    }
  }

  private static void takeEarliest(Deadlines<Thing> deadlines, List<Thing> things, long start) {
    Thing expected =
        things.stream()
            .filter(thing -> thing.due != NanoTime.NEVER)
            .min(Comparator.comparingLong(thing -> thing.due - start))
            .orElse(null);
    if (expected == null) {
      assertEquals(NanoTime.NEVER, deadlines.earliestNanos());
      return;
    }
    assertEquals(expected.due, deadlines.earliestNanos());
    Thing taken = deadlines.takeEarliest();
    assertEquals(expected.due, taken.due);
    taken.due = NanoTime.NEVER;
    assertSame(taken, things.get(things.indexOf(taken)));
  }
}
