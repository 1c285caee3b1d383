package org.plenum.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiveTableTest {
  @Test
  void findsEachSsrcAndNoOther() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var table = new ReceiveTable();
      var model = new HashMap<Integer, ReceiveTable.State>();
      while (model.size() < SrtpReceiver.MAX_SSRCS) {
        int ssrc = random.nextBoolean() ? random.nextInt() : random.nextInt(100); // 0 included
        var known = table.find(ssrc);
        assertSame(model.get(ssrc), known);
        if (known == null) {
          var state = table.add(ssrc);
          assertNotNull(state);
          model.put(ssrc, state);
        }
      }
      model.forEach((ssrc, state) -> assertSame(state, table.find(ssrc)));
      assertNull(table.add(0x7FFF_0000));
      assertNull(table.find(0x7FFF_0000));
    }
  }
}
