package org.plenum.sfu.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Mid;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.TrackId;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.PublisherClock;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.receive.PacketCache;
import org.plenum.sfu.receive.ReceiveStream;

class PacketReferencesTest {
  private final PacketReferences<String> queue = new PacketReferences<>();
  private final int[] origins = new int[6];
  private final Layer one = layer();
  private final Layer two = layer();

  private static Layer layer() {
    var track =
        new Track(
            new TrackId("t"),
            new ParticipantId("p"),
            new Mid("0"),
            TrackSource.CAMERA,
            List.of(),
            new PublisherClock());
    return new Layer(track, null, new ReceiveStream(1, 90_000), new PacketCache(64, 1), false);
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  @Test
  void givesBackInOrderWhileItGrowsAndWraps() {
    var random = new Random(8);
    var model = new ArrayDeque<Long>();
    long next = 0;
    long bytes = 0;
    for (int i = 0; i < 50_000; i++) {
      if (random.nextInt(100) < (i < 20_000 ? 60 : 45)) {
        boolean added = add(next);
        assertEquals(model.size() < PacketReferences.MOST, added);
        if (added) {
          model.add(next);
          bytes += next & 0x3FF;
        }
        next++;
      } else if (!model.isEmpty()) {
        long first = model.remove();
        assertFirst(first);
        bytes -= first & 0x3FF;
        queue.remove();
      }
      assertEquals(model.size(), queue.size());
      assertEquals(bytes, queue.bytes());
      assertEquals(model.isEmpty(), queue.isEmpty());
    }
    assertTrue(next > PacketReferences.MOST);
  }

  private boolean add(long number) {
    int which = (int) (number % 6);
    if (origins[which] == PacketReferences.NO_ORIGIN) {
      origins[which] = queue.open("s" + number % 3, number % 2 == 0 ? one : two);
    }
    return queue.add(origins[which], number, -number, (int) number & 0x3FF, (int) (number & 3));
  }

  private void assertFirst(long number) {
    assertEquals("s" + number % 3, queue.stream());
    assertSame(number % 2 == 0 ? one : two, queue.layer());
    assertEquals(number, queue.sequenceNumber());
    assertEquals(-number, queue.omittedBefore());
    assertEquals(number & 3, queue.flags());
  }

  @Test
  void refusesBeyondItsBoundAndTakesAgainAfterwards() {
    for (int i = 0; i < PacketReferences.MOST; i++) {
      assertTrue(add(i));
    }
    assertFalse(add(9_999));
    queue.remove();
    assertTrue(add(9_999));
    assertFirst(1);
  }

  @Test
  void whatIsReleasedStaysForThoseThatWait() {
    int origin = queue.open("a", one);
    assertTrue(queue.add(origin, 1, 0, 10, 3));
    queue.release(origin);
    int next = queue.open("b", two);
    assertTrue(queue.add(next, 2, 0, 10, 0));
    assertEquals("a", queue.stream());
    queue.moveToEnd();
    assertEquals("b", queue.stream());
    assertEquals(2, queue.sequenceNumber());
    queue.remove();
    assertEquals("a", queue.stream());
    assertSame(one, queue.layer());
    assertEquals(3, queue.flags());
    queue.remove();
    assertEquals(origin, queue.open("c", one), "the number is free again");
  }

  @Test
  void emptyQueueHasNoFirst() {
    assertThrows(IllegalStateException.class, queue::layer);
    add(1);
    queue.remove();
    assertThrows(IllegalStateException.class, queue::layer);
  }
}
