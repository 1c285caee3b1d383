package org.plenum.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class RtpPacketFuzzTest {
  private static final RtpPacket PACKET = new RtpPacket();

  @FuzzTest(maxDuration = "5s")
  void everyAccessorStaysInsideTheBytes(byte[] bytes) {
    MemorySegment slab = MemorySegment.ofArray(bytes);
    if (!PACKET.parse(slab, 0, bytes.length)) {
      return;
    }
    assertTrue(PACKET.headerLength() >= 12 && PACKET.payloadLength() >= 0);
    assertEquals(
        bytes.length, PACKET.headerLength() + PACKET.payloadLength() + PACKET.paddingLength());
    for (int id = 0; id < 256; id++) {
      int at = PACKET.extensionOffset(id);
      if (at >= 0) {
        assertTrue(at > 16 && at + PACKET.extensionLength(id) <= PACKET.headerLength());
      }
      AudioLevel.level(PACKET, id);
    }
    Rtx.originalSequenceNumber(PACKET);
  }
}
