package org.plenum.sfu.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;
import org.plenum.sfu.send.SendQueue.Turn;

class SendQueueTest {
  private static final long MILLI = 1_000_000L;

  private final SendQueue<String> queue = new SendQueue<>();
  private final Layer layer =
      new Layer(
          new Track(
              new TrackId("t"),
              new ParticipantId("p"),
              new Mid("0"),
              TrackSource.CAMERA,
              List.of(),
              new PublisherClock()),
          null,
          new ReceiveStream(1, 90_000),
          new PacketCache(64, 1),
          false);

  @AfterEach
  void close() {
    layer.close();
  }

  private void add(PacketReferences<String> to) {
    assertTrue(to.add(to.open("s", layer), 1, 0, 1000, 0));
  }

  @Test
  void nothingIsDueWhereNothingWaits() {
    assertNull(queue.next(0));
    assertEquals(NanoTime.NEVER, queue.nextNanos(0));
  }

  @Test
  void soundGoesFirstThenWhatWasLostThenVideo() {
    add(queue.video());
    queue.retransmissions().add(7);
    add(queue.sound());
    assertEquals(Turn.SOUND, queue.next(0));
    queue.sound().remove();
    assertEquals(Turn.RETRANSMISSION, queue.next(0));
    assertEquals(7, queue.retransmissions().remove());
    assertEquals(Turn.VIDEO, queue.next(0));
  }

  @Test
  void soundIsChargedButNeverWaits() {
    queue.pacer().rate(400_000, 0);
    add(queue.video());
    for (int i = 0; i < 20; i++) {
      add(queue.sound());
      assertEquals(Turn.SOUND, queue.next(0));
      assertEquals(0, queue.nextNanos(0));
      queue.sound().remove();
      queue.pacer().onReleased(1000);
    }
    assertNull(queue.next(0));
    // 15 kB of debt at the most (250 ms and a burst), at 50 bytes a millisecond.
    long next = queue.nextNanos(0);
    assertTrue(next > 200 * MILLI && next <= 310 * MILLI, next + " ns");
  }

  @Test
  void saysWhenTheNextMayLeave() {
    queue.pacer().rate(1_000_000, 0);
    add(queue.video());
    long now = 100 * MILLI;
    while (queue.next(now) != null) {
      queue.pacer().onReleased(1000);
    }
    long next = queue.nextNanos(now);
    assertTrue(next > now, next + " ns");
    assertNull(queue.next(next - MILLI));
    assertEquals(Turn.VIDEO, queue.next(next));
  }

  @Test
  void delayIsWhatWaitsAtThePresentRate() {
    assertEquals(0, queue.delayNanos());
    for (int i = 0; i < 25; i++) {
      add(queue.video());
    }
    assertEquals(0, queue.delayNanos());
    queue.pacer().rate(1_000_000, 0);
    assertEquals(200 * MILLI, queue.delayNanos());
  }

  @Test
  void requestsAreBoundedAndInOrder() {
    NumberQueue numbers = queue.retransmissions();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < NumberQueue.MOST; i++) {
        assertTrue(numbers.add(i));
        if (i % 3 == 0) {
          numbers.add(-1);
        }
        if (i % 3 == 0) {
          numbers.remove();
        }
      }
      numbers.clear();
    }
    assertThrows(IllegalStateException.class, numbers::remove);
    for (int i = 0; i < NumberQueue.MOST; i++) {
      assertTrue(numbers.add(i));
    }
    assertTrue(!numbers.add(1));
    for (int i = 0; i < NumberQueue.MOST; i++) {
      assertEquals(i, numbers.remove());
    }
  }
}
