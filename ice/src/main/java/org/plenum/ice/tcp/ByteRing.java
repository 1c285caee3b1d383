package org.plenum.ice.tcp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Bytes on their way from one thread to another: one puts, one takes, none waits for the other.
public final class ByteRing {
  private final MemorySegment ring;
  private final int capacity;

  private volatile long put;
  private volatile long taken;

  /// @param capacity bytes at a time, a power of two
  public ByteRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("not a power of two: " + capacity);
    }
    this.capacity = capacity;
    this.ring = MemorySegment.ofArray(new byte[capacity]);
  }

  /// Puts as many of these bytes in as there is room for. By the thread that puts.
  ///
  /// @return how many those were
  public int put(MemorySegment from) {
    long at = put;
    int count = (int) Math.min(from.byteSize(), capacity - (at - taken));
    int start = (int) at & capacity - 1;
    int first = Math.min(count, capacity - start);
    copy(from, 0, ring, start, first);
    copy(from, first, ring, 0, count - first);
    put = at + count;
    return count;
  }

  /// Takes as many bytes as there are and find room. By the thread that takes.
  ///
  /// @return how many those were
  public int take(MemorySegment into) {
    long at = taken;
    int count = (int) Math.min(into.byteSize(), put - at);
    int start = (int) at & capacity - 1;
    int first = Math.min(count, capacity - start);
    copy(ring, start, into, 0, first);
    copy(ring, 0, into, first, count - first);
    taken = at + count;
    return count;
  }

  /// Any thread; true for the thread that puts means that it stays so until it puts.
  public boolean hasRoom() {
    return put - taken < capacity;
  }

  /// Any thread; false for the thread that takes means that it stays so until it takes.
  public boolean isEmpty() {
    return put == taken;
  }

  private static void copy(MemorySegment from, long at, MemorySegment into, long to, int count) {
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, into, ValueLayout.JAVA_BYTE, to, count);
  }
}
