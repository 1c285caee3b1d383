package org.plenum.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void countsThroughRunsOfManyMinutes() {
    var tally = new Tally(0);
    Map<Integer, String> counted = new TreeMap<>();
    for (int second : new int[] {0, 63, 64, 75, 1000}) {
      tally.onSent(second * SECOND, 3);
    }
    tally.onDelivered(2000 * SECOND, 2000 * SECOND + 1, true);
    tally.addTo(
        (second, expected, delivered) -> {
          if (expected + delivered > 0) {
            counted.put(second, expected + "/" + delivered);
          }
        });
    assertEquals("{0=3/0, 63=3/0, 64=3/0, 75=3/0, 1000=3/0, 2000=0/1}", counted.toString());
  }
}
