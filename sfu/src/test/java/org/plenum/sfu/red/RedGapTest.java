package org.plenum.sfu.red;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// Which lost packet a block repeats: RFC 2198 gives its age only.
class RedGapTest {
  private static final long BEFORE = 65_530;
  private static final int TIMESTAMP = Integer.MAX_VALUE - 1_000; // wraps on the way

  private final RedGap gap = new RedGap();

  /// Blocks of these ages, oldest first.
  private static RedPayload blocks(int... ages) {
    var writer = new RedWriter();
    MemorySegment payload = MemorySegment.ofArray(new byte[1]);
    writer.begin(111, 0);
    for (int age : ages) {
      assertTrue(writer.add(payload, 0, 1, -age));
    }
    MemorySegment bytes = MemorySegment.ofArray(new byte[100]);
    var red = new RedPayload();
    assertTrue(red.parse(bytes, 0, writer.write(payload, 0, 1, bytes, 0, 100)));
    return red;
  }

  private boolean look(int packets, int units, RedPayload red) {
    return gap.look(BEFORE, TIMESTAMP, BEFORE + packets, TIMESTAMP + units, red);
  }

  @Test
  void framesOfOneLengthAreCounted() {
    RedPayload red = blocks(1920, 960);
    assertTrue(look(4, 4 * 960, red));
    assertEquals(BEFORE + 2, gap.numberOf(red, 0));
    assertEquals(BEFORE + 3, gap.numberOf(red, 1));
  }

  @Test
  void aBlockFurtherBackThanTheLastPacketIsCountedToo() {
    RedPayload red = blocks(1920);
    assertTrue(look(4, 4 * 960, red));
    assertEquals(BEFORE + 2, gap.numberOf(red, 0), "and not the one just before");
  }

  @Test
  void whatIsThereAlreadyIsOutside() {
    RedPayload red = blocks(2880, 1920, 960);
    assertTrue(look(2, 2 * 960, red));
    assertEquals(RedGap.UNKNOWN, gap.numberOf(red, 0));
    assertEquals(RedGap.UNKNOWN, gap.numberOf(red, 1));
    assertEquals(BEFORE + 1, gap.numberOf(red, 2));
  }

  @Test
  void unevenFramesAreToldOnlyIfEachHasItsBlock() {
    RedPayload whole = blocks(5_000, 960);
    assertTrue(look(3, 7_000, whole));
    assertEquals(BEFORE + 1, gap.numberOf(whole, 0));
    assertEquals(BEFORE + 2, gap.numberOf(whole, 1));
    RedPayload half = blocks(960);
    assertTrue(look(3, 7_000, half));
    assertEquals(RedGap.UNKNOWN, gap.numberOf(half, 0));
  }

  @Test
  void evenFramesOfAnotherLengthThanTheBlocksAgeAreNone() {
    RedPayload red = blocks(1_000);
    assertTrue(look(3, 3 * 960, red));
    assertEquals(RedGap.UNKNOWN, gap.numberOf(red, 0));
  }

  @Test
  void withoutAGapThereIsNothingToLookFor() {
    RedPayload red = blocks(960);
    assertFalse(look(1, 960, red));
    assertFalse(look(0, 0, red));
    assertFalse(look(-3, -3 * 960, red));
    assertFalse(look(3, -960, red), "time goes back");
    assertFalse(look(3, 0, red), "time stands still");
    assertFalse(look(1 << 20, 1 << 21, red));
  }
}
