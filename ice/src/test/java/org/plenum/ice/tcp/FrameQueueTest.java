package org.plenum.ice.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
  private final FrameQueue queue = new FrameQueue(Framing.RFC_4571);
  private final MemorySegment slab = Arena.ofAuto().allocate(4_096);
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  private boolean append(int length) {
    slab.asSlice(7, length).fill((byte) length);
    return queue.append(slab, 7, length);
  }

  /// Sends at most so many bytes of what waits.
  private void send(int most) {
    MemorySegment next = queue.next();
    int count = (int) Math.min(most, next.byteSize());
    wire.writeBytes(next.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
    queue.sent(count);
  }

  private List<Integer> received() {
    return FrameBufferTest.frames(
        new FrameBuffer(Framing.RFC_4571), wire.toByteArray(), new Random(1), 4_000);
  }

  @Test
  void framesComeOutWholeAndInOrderHoweverTheyAreSent() {
    var random = new Random(11);
    List<Integer> appended = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int length = 1 + random.nextInt(2_048);
      if (append(length)) {
        appended.add(length);
      }
      // Runs full and empty in turn.
      send(random.nextInt(i / 2_000 % 2 == 0 ? 1_000 : 4_000));
      assertTrue(queue.size() <= FrameQueue.MAX_BYTES);
    }
    while (!queue.isEmpty()) {
      send(100_000);
    }
    assertEquals(appended, received());
    assertTrue(appended.size() < 20_000, "it was full at times");
  }

  @Test
  void whatDoesNotFitIsDroppedWhole() {
    int frames = 0;
    while (append(2_000)) {
      frames++;
    }
    assertEquals(FrameQueue.MAX_BYTES / 2_002, frames);
    int before = queue.size();
    assertFalse(append(2_000));
    assertEquals(before, queue.size());
    int left = FrameQueue.MAX_BYTES - before;
    assertFalse(append(left - 1));
    assertTrue(append(left - 2), "to the last byte");
    send(2_002);
    assertTrue(append(2_000));
  }

  @Test
  void anEmptyQueueHasNothingToSend() {
    assertTrue(queue.isEmpty());
    assertEquals(0, queue.next().byteSize());
    append(0);
    assertEquals(2, queue.next().byteSize());
  }
}
