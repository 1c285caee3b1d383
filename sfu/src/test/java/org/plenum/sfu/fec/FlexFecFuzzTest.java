package org.plenum.sfu.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class FlexFecFuzzTest {
  private static final int SCRATCH_BYTES = 64;

  /// Packets of any length and number, cut out of the input: whatever is in the group is restored.
  @FuzzTest(maxDuration = "5s")
  void whateverIsInAGroupIsRestored(byte[] bytes) {
    var encoder = new FlexFecEncoder(MemorySegment.ofArray(new byte[SCRATCH_BYTES]));
    encoder.begin(7);
    Map<Integer, byte[]> group = new HashMap<>();
    MemorySegment slab = MemorySegment.ofArray(bytes);
    int at = 0;
    while (at < bytes.length) {
      int length = Math.min(bytes[at] & 0x7F, bytes.length - at);
      int begin = Math.min(length, 12 + (bytes[at] & 7));
      if (length == 0) {
        break;
      }
      if (encoder.add(slab, at, begin, slab, at + begin, length - begin)) {
        byte[] packet = Arrays.copyOfRange(bytes, at, at + length);
        packet[0] = (byte) (0x80 | packet[0] & 0x3F); // the version is not protected
        Arrays.fill(packet, 8, 12, (byte) 0);
        packet[11] = 7; // nor is the SSRC
        group.put((packet[2] & 0xFF) << 8 | packet[3] & 0xFF, packet);
      }
      at += length;
    }
    assertEquals(group.size(), encoder.count());
    assertTrue(encoder.payloadLength() <= FlexFecEncoder.MOST_HEADER_BYTES + SCRATCH_BYTES);
    byte[] payload = new byte[encoder.payloadLength()];
    assertEquals(payload.length, encoder.write(MemorySegment.ofArray(payload), 0));
    for (Integer lost : group.keySet()) {
      Map<Integer, byte[]> received = new HashMap<>(group);
      received.remove(lost);
      assertArrayEquals(group.get(lost), FlexFecDecoder.restore(payload, received));
    }
  }
}
