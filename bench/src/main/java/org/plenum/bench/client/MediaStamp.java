package org.plenum.bench.client;

import static org.plenum.sfu.rtp.NetworkOrder.i32;
import static org.plenum.sfu.rtp.NetworkOrder.i64;
import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put64;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// What a load client puts where the coded media would be, so that a viewer can tell whose packet
/// it got, whether every byte is right and how long it took: a head of [#BYTES], then the beginning
/// of [#FILLER].
public final class MediaStamp {
  /// Bytes of the head.
  public static final int BYTES = 32;

  /// Flag: sent within the measured window.
  public static final int MEASURED = 1;

  /// Flag: sent while its publisher counted.
  public static final int COUNTS = 2;

  /// What follows the head; random, so that no two places look alike.
  public static final MemorySegment FILLER = filler();

  private static final int MAGIC = 0x504C_4E4D; // "PLNM"
  private static final int FILLER_BYTES = 2048;

  private MediaStamp() {}

  /// Writes the head.
  ///
  /// @param counter number of the packet among all of its source
  /// @param lengthBytes of head and filler together
  static void write(
      MemorySegment slab,
      long at,
      int source,
      long counter,
      long nanos,
      int frame,
      int flags,
      int lengthBytes) {
    put32(slab, at, MAGIC);
    put32(slab, at + 4, source);
    put64(slab, at + 8, counter);
    put64(slab, at + 16, nanos);
    put32(slab, at + 24, frame);
    put8(slab, at + 28, flags);
    put8(slab, at + 29, 0);
    put16(slab, at + 30, lengthBytes);
  }

  /// Whether these bytes are a head and its filler, whole and unchanged.
  static boolean isIntact(MemorySegment slab, long at, int lengthBytes) {
    return lengthBytes >= BYTES
        && i32(slab, at) == MAGIC
        && u16(slab, at + 30) == lengthBytes
        && MemorySegment.mismatch(
                slab, at + BYTES, at + lengthBytes, FILLER, 0, lengthBytes - BYTES)
            < 0;
  }

  static int source(MemorySegment slab, long at) {
    return i32(slab, at + 4);
  }

  static long counter(MemorySegment slab, long at) {
    return i64(slab, at + 8);
  }

  /// When it was sent, by the monotonic clock of the machine.
  static long nanos(MemorySegment slab, long at) {
    return i64(slab, at + 16);
  }

  static int frame(MemorySegment slab, long at) {
    return i32(slab, at + 24);
  }

  static boolean isMeasured(MemorySegment slab, long at) {
    return (u8(slab, at + 28) & MEASURED) != 0;
  }

  static boolean counts(MemorySegment slab, long at) {
    return (u8(slab, at + 28) & COUNTS) != 0;
  }

  private static MemorySegment filler() {
    byte[] bytes = new byte[FILLER_BYTES];
    new Random(1).nextBytes(bytes);
    return Arena.global()
        .allocate(FILLER_BYTES)
        .copyFrom(MemorySegment.ofArray(bytes))
        .asReadOnly();
  }
}
