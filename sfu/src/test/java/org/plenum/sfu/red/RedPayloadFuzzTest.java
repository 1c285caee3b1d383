package org.plenum.sfu.red;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class RedPayloadFuzzTest {
  @FuzzTest(maxDuration = "5s")
  void everyBlockLiesWithinThePayload(byte[] bytes) {
    var red = new RedPayload();
    MemorySegment slab = MemorySegment.ofArray(bytes);
    if (!red.parse(slab, 0, bytes.length)) {
      return;
    }
    int at = 4 * red.redundantCount() + 1;
    var writer = new RedWriter();
    writer.begin(red.primaryPayloadType(), 0);
    for (int i = 0; i < red.redundantCount(); i++) {
      assertEquals(at, red.offset(i));
      assertTrue(red.length(i) >= 0);
      at += red.length(i);
      writer.add(slab, red.offset(i), red.length(i), -red.timestampOffset(i));
    }
    assertEquals(at, red.primaryOffset());
    assertEquals(bytes.length, at + red.primaryLength());
    byte[] out = new byte[bytes.length];
    int written =
        writer.write(slab, at, red.primaryLength(), MemorySegment.ofArray(out), 0, bytes.length);
    assertTrue(written > 0);
    assertTrue(new RedPayload().parse(MemorySegment.ofArray(out), 0, written));
    everyLostPacketLiesWithinTheGap(red, bytes);
  }

  /// And no two blocks of different age are taken for one packet.
  private static void everyLostPacketLiesWithinTheGap(RedPayload red, byte[] bytes) {
    var gap = new RedGap();
    int packets = bytes[0] & 0x1F;
    int units = (bytes[bytes.length - 1] & 0xFF) * 97;
    if (!gap.look(100, -5, 100 + packets, -5 + units, red)) {
      return;
    }
    long[] ages = new long[packets + 1];
    for (int i = 0; i < red.redundantCount(); i++) {
      long number = gap.numberOf(red, i);
      if (number != RedGap.UNKNOWN) {
        assertTrue(number > 100 && number < 100 + packets, "number " + number);
        int place = (int) number - 100;
        assertTrue(ages[place] == 0 || ages[place] == red.timestampOffset(i));
        ages[place] = red.timestampOffset(i);
      }
    }
  }
}
