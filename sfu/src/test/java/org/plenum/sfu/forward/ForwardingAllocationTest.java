package org.plenum.sfu.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Garbage;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.Mid;
import org.plenum.sfu.counters.WorkerCounters;

/// From the arrival of a packet to the numbers it is sent under, nothing is allocated in steady
/// state.
class ForwardingAllocationTest {
  private static final int SLOTS = 10;
  private static final int PACKETS = 500;
  private static final int ROUNDS = 40;

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
    var windows = new int[1];
    long bytes =
        Garbage.ofCalmestMeasured(
            () -> {
              windows[0]++;
              return measure();
            });
    assertEquals(0, bytes, "bytes for " + ROUNDS * PACKETS + " packets to " + SLOTS + " slots");
    for (Output output : outputs) {
      assertEquals(1 + windows[0] * ROUNDS * PACKETS, output.numbers.packetCount());
    }
    publisher.track.end();
  }

  /// The bytes that a window allocates, less what its packets do before they arrive.
  private long measure() {
    long bytes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var packets = publisher.frame(false, PACKETS, now);
      var payloads =
          packets.stream().map(packet -> MemorySegment.ofArray(packet.payload())).toList();
      bytes += Garbage.allocatedBy(() -> send(packets, payloads));
    }
    return bytes;
  }
}
