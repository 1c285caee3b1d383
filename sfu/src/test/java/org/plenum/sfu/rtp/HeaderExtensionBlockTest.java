package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class HeaderExtensionBlockTest {
  @Test
  void remembersTheLargestOffsetAndLengthThatABlockCanHold() {
    int end = 76 + 4 * 65_535;
    MemorySegment slab = MemorySegment.ofArray(new byte[end]);
    int start = end - 257;
    NetworkOrder.put8(slab, start, 200);
    NetworkOrder.put8(slab, start + 1, 255);
    var block = new HeaderExtensionBlock();
    block.parse(0x100F, slab, 0, start, end);
    assertEquals(start + 2, block.offset(200));
    assertEquals(255, block.length(200));
  }

  @Test
  void noEntryComesBackToLifeWhenPacketNumbersWrapAround() {
    MemorySegment slab = Hex.segment("10AA0000");
    var block = new HeaderExtensionBlock(1);
    block.parse(0xBEDE, slab, 0, 0, 4);
    assertEquals(1, block.offset(1));

    var old = new HeaderExtensionBlock(-1);
    old.parse(0xBEDE, slab, 0, 0, 4);
    old.clear();
    assertEquals(-1, old.offset(1));
    for (int id = 0; id < 256; id++) {
      assertEquals(-1, old.offset(id));
    }
    old.parse(0xBEDE, slab, 0, 0, 4);
    assertEquals(1, old.offset(1));
  }
}
