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
}
