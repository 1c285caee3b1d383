package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.counters.WorkerCounters;

/// From the arrival of a packet to the numbers it is sent under, nothing is allocated in steady
/// state.
class ForwardingAllocationTest {
  private static final int SLOTS = 10;
  private static final int PACKETS = 500;
  private static final int ROUNDS = 40;

  /// Less than a hundredth of an object per packet: the compiler itself may allocate a little in
  /// this thread, the path may not.
  private static final long TOLERATED_BYTES = ROUNDS * PACKETS * SLOTS * 16L / 100;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final TestPublisher publisher = TestPublisher.camera("p");
  private final WorkerCounters counters = new WorkerCounters();
  private long now;

  /// Gives numbers at once, with no queue in between.
  private final class Output implements SlotOutput {
    private final SlotNumbers numbers = new SlotNumbers(1, 2, 90_000, 7, 0);
    private final Slot slot =
        new Slot(
            new Mid("1"), MediaKind.VIDEO, List.of(TestPublisher.VP8), numbers, this, counters);

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void enqueue(Layer layer, long source, int entry, long omitted, int flags) {
      boolean isNew = (flags & NEW_SPLICE) != 0;
      if (isNew) {
        slot.onStartTaken();
      }
      Splice splice = numbers.spliceFor(layer, source, omitted, entry, isNew, now);
      assertNotNull(splice);
      numbers.onSent(splice, source, omitted, entry, now);
    }
  }

  /// Numbers go on where the round before ended, so that none is a duplicate.
  private void send(List<TestPublisher.Packet> packets, List<MemorySegment> payloads) {
    for (int i = 0; i < PACKETS; i++) {
      now += 1_000_000;
      publisher.arrive(packets.get(i), payloads.get(i), now);
    }
  }

  @Test
  void packetsAreForwardedWithoutGarbage() {
    Output[] outputs = new Output[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      outputs[i] = new Output();
      outputs[i].slot.bind(publisher.track);
    }
    publisher.sendFrame(true, 1, now);
    for (int round = 0; round < ROUNDS; round++) {
      measure();
    }
    long allocated = 0;
    for (int round = 0; round < ROUNDS; round++) {
      allocated += measure();
    }
    assertTrue(allocated <= TOLERATED_BYTES, allocated + " bytes");
    for (Output output : outputs) {
      assertEquals(1 + 2 * ROUNDS * PACKETS, output.numbers.packetCount());
    }
    publisher.track.end();
  }

  private long measure() {
    var packets = publisher.frame(false, PACKETS, now);
    var payloads = packets.stream().map(packet -> MemorySegment.ofArray(packet.payload())).toList();
    long before = threads.getCurrentThreadAllocatedBytes();
    send(packets, payloads);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
