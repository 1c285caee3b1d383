package org.plenum.ice.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRingTest {
  @Test
  void givesBackWhatWasPutInAnyPieces() {
    var random = new Random(7);
    var ring = new ByteRing(64);
    byte[] all = new byte[10_000];
    random.nextBytes(all);
    var taken = new ByteArrayOutputStream();
    int put = 0;
    while (taken.size() < all.length) {
      int offered = Math.min(random.nextInt(100), all.length - put);
      put += ring.put(MemorySegment.ofArray(all).asSlice(put, offered));
      byte[] piece = new byte[random.nextInt(100)];
      taken.write(piece, 0, ring.take(MemorySegment.ofArray(piece)));
    }
    assertArrayEquals(all, taken.toByteArray());
    assertTrue(ring.isEmpty());
  }

  @Test
  void takesNoMoreThanItHolds() {
    var ring = new ByteRing(8);
    assertEquals(8, ring.put(MemorySegment.ofArray(new byte[9])));
    assertFalse(ring.hasRoom());
    assertEquals(0, ring.put(MemorySegment.ofArray(new byte[1])));
    assertEquals(3, ring.take(MemorySegment.ofArray(new byte[3])));
    assertTrue(ring.hasRoom());
    assertEquals(3, ring.put(MemorySegment.ofArray(new byte[9])));
    assertThrows(IllegalArgumentException.class, () -> new ByteRing(12));
  }

  /// One thread puts, another takes; each waits for nothing but the other.
  @Test
  void carriesBytesBetweenThreads() throws InterruptedException {
    var ring = new ByteRing(256);
    byte[] all = new byte[200_000];
    new Random(8).nextBytes(all);
    Thread putting =
        Thread.ofPlatform()
            .start(
                () -> {
                  int put = 0;
                  while (put < all.length) {
                    put += ring.put(MemorySegment.ofArray(all).asSlice(put));
                    Thread.onSpinWait();
                  }
                });
    byte[] taken = new byte[all.length];
    int count = 0;
    while (count < taken.length) {
      count += ring.take(MemorySegment.ofArray(taken).asSlice(count));
      Thread.onSpinWait();
    }
    putting.join();
    assertArrayEquals(all, taken);
  }
}
