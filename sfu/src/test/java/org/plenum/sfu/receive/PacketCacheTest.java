package org.plenum.sfu.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.Codec;
import org.plenum.sfu.CodecName;

class PacketCacheTest {
  private static final int BYTES = 1_024;
  private static final int PLACES = 16;
  private static final Codec VP8 = new Codec(CodecName.VP8, 96, Codec.NO_RTX, Set.of(), Map.of());

  private final PayloadView view = new PayloadView();

  private final PacketCache cache = new PacketCache(BYTES, PLACES);
  private final Map<Long, Integer> lengths = new HashMap<>();

  @AfterEach
  void close() {
    cache.close();
  }

  private int add(long number, int extensions, int payload) {
    int entry = cache.add(number, (int) number * 3, extensions, payload, number * 7);
    if (entry != PacketCache.NOT_FOUND) {
      lengths.put(number, extensions + payload);
      cache
          .bytes()
          .asSlice(cache.extensionsOffset(entry), extensions + payload)
          .fill((byte) (number * 31));
      byte[] vp8 = {(byte) ((number & 2) != 0 ? 0x10 : 0), 1};
      view.parse(CodecName.VP8, MemorySegment.ofArray(vp8), 0, vp8.length);
      cache.describe(entry, VP8, (number & 1) != 0, view, (number & 4) != 0, -1, FrameLayers.NONE);
    }
    return entry;
  }

  /// Whether a packet is there; if so, it must be whole.
  private boolean isThere(long number) {
    int entry = cache.find(number);
    if (entry == PacketCache.NOT_FOUND) {
      return false;
    }
    assertEquals(lengths.get(number), cache.length(entry));
    assertEquals(
        cache.payloadOffset(entry), cache.extensionsOffset(entry) + cache.extensionsLength(entry));
    for (int i = 0; i < cache.length(entry); i++) {
      byte stored = cache.bytes().get(ValueLayout.JAVA_BYTE, cache.extensionsOffset(entry) + i);
      assertEquals((byte) (number * 31), stored);
    }
    assertEquals((int) number * 3, cache.timestamp(entry));
    assertEquals(number * 7, cache.arrivalNanos(entry));
    assertEquals((number & 1) != 0, cache.marker(entry));
    assertEquals((number & 2) != 0, cache.frameStart(entry));
    assertEquals((number & 4) != 0, cache.keyFrameStart(entry));
    return true;
  }

  @Test
  void keepsThePacketsThatFitAndNeverABrokenOne() {
    for (long seed = 0; seed < 20; seed++) {
      try (var fresh = new PacketCacheTestRun(seed)) {
        fresh.run();
      }
    }
  }

  private static final class PacketCacheTestRun implements AutoCloseable {
    private final PacketCacheTest test = new PacketCacheTest();
    private final Random random;

    PacketCacheTestRun(long seed) {
      random = new Random(seed);
    }

    void run() {
      long highest = random.nextInt(200_000) - 100_000; // small and negative ones, too
      for (int i = 0; i < 3_000; i++) {
        boolean late = random.nextInt(10) == 0;
        long number = late ? highest - random.nextInt(2 * PLACES) : ++highest;
        if (late && test.isThere(number)) {
          continue;
        }
        int entry = test.add(number, random.nextInt(30), random.nextInt(250));
        assertEquals(entry != PacketCache.NOT_FOUND, test.isThere(number));
        int found = 0;
        for (long other = highest - 3 * PLACES; other <= highest; other++) {
          found += test.isThere(other) ? 1 : 0;
        }
        assertTrue(found >= 1, "the latest always fits");
      }
    }

    @Override
    public void close() {
      test.close();
    }
  }

  @Test
  void youngerPacketsPushOutOlderOnesByBytes() {
    for (long number = 0; number < 5; number++) {
      add(number, 0, 250);
    }
    assertFalse(isThere(0));
    for (long number = 1; number < 5; number++) {
      assertTrue(isThere(number));
    }
  }

  @Test
  void youngerPacketsPushOutOlderOnesByPlace() {
    for (long number = 0; number <= PLACES; number++) {
      add(number, 0, 1);
    }
    assertFalse(isThere(0));
    assertTrue(isThere(1));
    assertTrue(isThere(PLACES));
  }

  @Test
  void packetThatDoesNotFitBeforeTheEndGoesToTheStart() {
    add(1, 0, 600);
    int entry = add(2, 100, 400);
    assertEquals(0, cache.extensionsOffset(entry));
    assertTrue(isThere(2));
    assertFalse(isThere(1));
  }

  @Test
  void packetThatFillsTheRestExactlyStaysThere() {
    add(1, 0, 600);
    assertEquals(600, cache.extensionsOffset(add(2, 0, 400)));
    assertTrue(isThere(1));
    assertTrue(isThere(2));
  }

  @Test
  void packetLargerThanTheCacheIsNotTaken() {
    add(1, 0, 10);
    assertEquals(PacketCache.NOT_FOUND, add(2, 1, BYTES));
    assertTrue(isThere(1));
    assertNotEquals(PacketCache.NOT_FOUND, add(3, 0, BYTES));
    assertTrue(isThere(3));
  }

  @Test
  void latePacketDoesNotTakeTheYoungerOnesPlace() {
    add(100, 0, 10);
    assertEquals(PacketCache.NOT_FOUND, add(100 - PLACES, 0, 10));
    assertTrue(isThere(100));
    assertFalse(isThere(100 - PLACES));
  }

  @Test
  void nothingIsFoundAfterClosingTwice() {
    add(1, 0, 10);
    cache.close();
    cache.close();
    assertEquals(PacketCache.NOT_FOUND, cache.find(1));
  }
}
