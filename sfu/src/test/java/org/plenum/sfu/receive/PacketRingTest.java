package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.Garbage;

class PacketRingTest {
  private static final Codec OPUS = new Codec(CodecName.OPUS, 111, -1, Set.of(), Map.of());

  private final PacketView view = new PacketView();

  /// Enters packets that say their number and their length.
  private static final class PacketView {
    final PayloadView payload = new PayloadView();

    int enter(PacketCache cache, long number, int length) {
      int entry = cache.add(number, (int) number * 960, 0, length, number);
      long at = cache.payloadOffset(entry);
      cache.bytes().asSlice(at, length).fill((byte) number);
      payload.parse(CodecName.OPUS, cache.bytes(), at, length);
      boolean isOdd = (number & 1) == 1;
      cache.describe(entry, OPUS, isOdd, payload, !isOdd, -1, FrameLayers.NONE);
      return entry;
    }
  }

  private static void assertIs(PacketCache cache, long number, int entry, int length) {
    assertEquals(length, cache.payloadLength(entry));
    assertEquals((int) number * 960, cache.timestamp(entry));
    assertEquals((number & 1) == 1, cache.marker(entry));
    assertEquals((number & 1) == 0, cache.keyFrameStart(entry));
    assertEquals(OPUS, cache.codec(entry));
    MemorySegment bytes = cache.bytes().asSlice(cache.payloadOffset(entry), length);
    for (long i = 0; i < length; i++) {
      assertEquals((byte) number, bytes.get(ValueLayout.JAVA_BYTE, i));
    }
  }

  @Test
  void whatIsHandedOverIsWhatWasThere() {
    try (var from = new PacketCache(1 << 14, 16);
        var to = new PacketCache(1 << 14, 16)) {
      var ring = new PacketRing(1_000, 4);
      var random = new Random(3);
      for (long number = 65_000; number < 67_000; number++) {
        int length = random.nextInt(1, 400);
        int entry = view.enter(from, number, length);
        assertTrue(ring.offer(7, number, from, entry, 360, number == 65_000));
        assertTrue(ring.next());
        assertEquals(7, ring.stream());
        assertEquals(number, ring.number());
        assertEquals(360, ring.height());
        assertEquals(number, ring.arrivalNanos());
        assertEquals(number == 65_000, ring.isFirst());
        assertIs(to, number, ring.copyInto(to, number), length);
        ring.release();
        assertFalse(ring.next());
      }
    }
  }

  @Test
  void whatFindsNoRoomIsRefusedAndNothingElseIsHarmed() {
    try (var from = new PacketCache(1 << 14, 16);
        var to = new PacketCache(1 << 14, 16)) {
      var ring = new PacketRing(1_000, 8);
      for (long number = 0; number < 2; number++) {
        assertTrue(ring.offer(1, number, from, view.enter(from, number, 400), 0, false));
      }
      assertFalse(ring.offer(1, 2, from, view.enter(from, 2, 400), 0, false), "no bytes left");
      for (long number = 0; number < 2; number++) {
        assertTrue(ring.next());
        assertIs(to, number, ring.copyInto(to, 0), 400);
        ring.release();
      }
      for (long number = 3; number < 11; number++) {
        assertTrue(ring.offer(1, number, from, view.enter(from, number, 10), 0, false));
      }
      assertFalse(ring.offer(1, 11, from, view.enter(from, 11, 10), 0, false), "no places left");
    }
  }

  @Test
  void twoThreadsSeeTheSame() throws InterruptedException {
    var ring = new PacketRing(8_000, 16);
    int most = 200_000;
    var refused = new AtomicLong();
    var writer =
        new Thread(
            () -> {
              try (var from = new PacketCache(1 << 14, 16)) {
                var random = new Random(5);
                for (long number = 0; number < most; number++) {
                  int length = random.nextInt(1, 1_000);
                  int entry = view.enter(from, number, length);
                  while (!ring.offer(1, number, from, entry, length, false)) {
                    refused.incrementAndGet();
                    Thread.onSpinWait();
                  }
                }
              }
            });
    writer.start();
    try (var to = new PacketCache(1 << 14, 16)) {
      for (long number = 0; number < most; number++) {
        while (!ring.next()) {
          Thread.onSpinWait();
        }
        assertEquals(number, ring.number());
        assertIs(to, number, ring.copyInto(to, 0), ring.height());
        ring.release();
      }
    }
    writer.join();
    assertFalse(ring.next());
  }

  @Test
  void nothingIsAllocatedForAPacket() {
    try (var from = new PacketCache(1 << 17, 64);
        var to = new PacketCache(1 << 17, 64)) {
      var ring = new PacketRing();
      int entry = view.enter(from, 1, 1_000);
      var next = new long[1];
      long bytes =
          Garbage.ofCalmest(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  next[0]++;
                  boolean taken = ring.offer(1, next[0], from, entry, 0, false);
                  if (!taken || !ring.next() || ring.copyInto(to, 0) < 0) {
                    throw new AssertionError("refused");
                  }
                  ring.release();
                }
              });
      assertEquals(0, bytes);
    }
  }
}
