package org.plenum.sfu.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SsrcTableTest {
  /// SSRCs whose place in a table of 1024 is the same, so that every run is one long probe.
  private static List<Integer> colliding(int count) {
    List<Integer> ssrcs = new ArrayList<>();
    for (int ssrc = 1; ssrcs.size() < count; ssrc++) {
      if ((ssrc * 0x9E37_79B9 >>> 16 & 1023) == 1020) {
        ssrcs.add(ssrc);
      }
    }
    return ssrcs;
  }

  @Test
  void behavesLikeAMap() {
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      List<Integer> keys = new ArrayList<>(List.of(0, -1, Integer.MIN_VALUE));
      keys.addAll(colliding(40));
      for (int i = 0; i < 60; i++) {
        keys.add(random.nextInt());
      }
      compare(keys, random);
    }
  }

  private static void compare(List<Integer> keys, Random random) {
    int capacity = 50;
    var table = new SsrcTable<String>(capacity);
    Map<Integer, String> model = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      int key = keys.get(random.nextInt(keys.size()));
      if (random.nextInt(5) < 3) {
        boolean fits = model.containsKey(key) || model.size() < capacity;
        assertEquals(fits, table.put(key, "v" + i));
        if (fits) {
          model.put(key, "v" + i);
        }
      } else {
        table.remove(key);
        model.remove(key);
      }
      assertEquals(model.size(), table.size());
      int other = keys.get(random.nextInt(keys.size()));
      assertEquals(model.get(other), table.find(other));
    }
    Map<Integer, String> visited = new HashMap<>();
    table.forEachEntry((ssrc, value) -> assertNull(visited.put(ssrc, value)));
    assertEquals(model, visited);
    keys.forEach(key -> assertEquals(model.get(key), table.find(key)));
  }

  @Test
  void fullTableRefusesNewEntriesAndStillReplaces() {
    var table = new SsrcTable<String>(2);
    assertTrue(table.put(1, "a"));
    assertTrue(table.put(2, "b"));
    assertFalse(table.put(3, "c"));
    assertTrue(table.put(2, "d"));
    assertEquals("d", table.find(2));
    table.remove(1);
    assertTrue(table.put(3, "c"));
  }
}
