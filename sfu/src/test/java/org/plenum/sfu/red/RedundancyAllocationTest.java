package org.plenum.sfu.red;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.fec.FlexFecEncoder;
import org.plenum.sfu.rtp.NetworkOrder;
import org.plenum.sfu.speaker.Speech;

/// What is done for each packet of sound and for each protected one allocates nothing in steady
/// state, on native memory as in the server.
class RedundancyAllocationTest {
  private static final int ROUNDS = 20_000;

  /// Less than a hundredth of the smallest object per round: the compiler itself may allocate a
  /// little in this thread (deoptimization), the path may not.
  private static final long TOLERATED_BYTES = ROUNDS * 16L / 100;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int number;

  private void assertAllocatesNothing(Runnable round) {
    for (int i = 0; i < ROUNDS; i++) {
      round.run();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) {
      round.run();
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= TOLERATED_BYTES, allocated + " bytes allocated in " + ROUNDS + " rounds");
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
