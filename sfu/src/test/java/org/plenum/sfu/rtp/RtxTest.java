package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RtxTest {
  private static int read(String hex) {
    MemorySegment bytes = Hex.segment(hex);
    var packet = new RtpPacket();
    assertTrue(packet.parse(bytes, 0, (int) bytes.byteSize()));
    return Rtx.originalSequenceNumber(packet);
  }

  @Test
  void readsTheOriginalSequenceNumber() { // RFC 4588 §4
    assertEquals(0xFFFE, read("80 61 0001 00000000 00000001 FFFE 10"));
    assertEquals(0xFFFE, read("90 61 0001 00000000 00000001 BEDE 0001 10AA0000 FFFE"));
  }

  @Test
  void saysSoIfThereIsNone() {
    assertEquals(-1, read("80 61 0001 00000000 00000001"));
    assertEquals(-1, read("80 61 0001 00000000 00000001 FF"));
    assertEquals(-1, read("A0 61 0001 00000000 00000001 FF 000003"), "padding is no payload");
  }

  @Test
  void writesTheOriginalSequenceNumber() {
    MemorySegment slab = Hex.segment("00000000");
    Rtx.putOriginalSequenceNumber(slab, 1, 0xFFFE);
    assertEquals("00fffe00", Hex.of(slab, 0, 4));
  }
}
