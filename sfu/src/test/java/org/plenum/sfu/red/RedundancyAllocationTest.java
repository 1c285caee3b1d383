package org.plenum.sfu.red;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Garbage;
import org.plenum.sfu.fec.FlexFecEncoder;
import org.plenum.sfu.rtp.NetworkOrder;
import org.plenum.sfu.speaker.Speech;

/// What is done for each packet of sound and for each protected one allocates nothing in steady
/// state, on native memory as in the server.
class RedundancyAllocationTest {
  private static final int ROUNDS = 20_000;

  private int number;

  private static void assertAllocatesNothing(Runnable round) {
    long bytes =
        Garbage.ofCalmest(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                round.run();
              }
            });
    assertEquals(0, bytes, "bytes allocated in " + ROUNDS + " rounds");
  }

  @Test
  void redundancyIsMadeAndReadWithoutGarbage() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slab = arena.allocate(4096);
      var writer = new RedWriter();
      var red = new RedPayload();
      assertAllocatesNothing(
          () -> {
            writer.begin(111, 9_600);
            writer.add(slab, 0, 80, 7_680);
            writer.add(slab, 80, 80, 8_640);
            int length = writer.write(slab, 160, 80, slab, 2048, 1_200);
            assertTrue(red.parse(slab, 2048, length) && red.redundantCount() == 2);
          });
    }
  }

  @Test
  void packetsAreProtectedWithoutGarbage() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slab = arena.allocate(4096);
      var encoder = new FlexFecEncoder(arena.allocate(1_500));
      assertAllocatesNothing(
          () -> {
            encoder.begin(1);
            for (int i = 0; i < 4; i++) {
              NetworkOrder.put16(slab, 2, number++);
              assertTrue(encoder.add(slab, 0, 1_100 + i));
            }
            assertTrue(encoder.write(slab, 2048) > 0);
          });
    }
  }

  @Test
  void levelsAreNotedWithoutGarbage() {
    var speech = new Speech();
    assertAllocatesNothing(() -> speech.onLevel(number++ % 128, number * 20_000_000L));
  }
}
