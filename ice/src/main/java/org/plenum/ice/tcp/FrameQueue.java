package org.plenum.ice.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Datagrams that wait, framed, until a TCP connection takes them, in a ring that grows up to a
/// bound and shrinks when it runs empty. Owned by one thread.
public final class FrameQueue {
  /// A second at 2 Mbit/s; what waits longer is of no use to anybody.
  public static final int MAX_BYTES = 256 << 10;

  private static final int HEADER_BYTES = 2;
  private static final int LEAST_CAPACITY = 4 << 10;

  private final Framing framing;
  private MemorySegment ring = Arena.ofAuto().allocate(LEAST_CAPACITY, 8);
  private int capacity = LEAST_CAPACITY; // a power of two
  private int head;
  private int size;

  public FrameQueue(Framing framing) {
    this.framing = framing;
  }

  /// Appends a datagram as a frame; all of it or, if there is no room, nothing.
  ///
  /// @param length 0 to 65 535
  /// @return false if it was dropped
  public boolean append(MemorySegment from, long offset, int length) {
    int header = framing == Framing.RFC_4571 ? HEADER_BYTES : 0;
    int bytes = header + length;
    if (size + bytes > MAX_BYTES) {
      return false;
    }
    if (size + bytes > capacity) {
      grow(size + bytes);
    }
    if (header > 0) {
      put((byte) (length >>> 8));
      put((byte) length);
    }
    int at = head + size & capacity - 1;
    int first = Math.min(length, capacity - at);
    MemorySegment.copy(from, offset, ring, at, first);
    MemorySegment.copy(from, offset + first, ring, 0, length - first);
    size += length;
    return true;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// Bytes waiting, headers included.
  public int size() {
    return size;
  }

  /// The bytes to be sent next, as far as they lie in one piece; empty if none wait.
  public MemorySegment next() {
    return ring.asSlice(head, Math.min(size, capacity - head));
  }

  /// Drops that many bytes of [#next], which were sent.
  public void sent(int count) {
    head = head + count & capacity - 1;
    size -= count;
    if (size == 0) {
      head = 0;
      if (capacity > LEAST_CAPACITY) {
        allocate(LEAST_CAPACITY);
      }
    }
  }

  private void put(byte value) {
    ring.set(ValueLayout.JAVA_BYTE, head + size & capacity - 1, value);
    size++;
  }

  private void grow(int atLeast) {
    MemorySegment before = ring;
    int first = Math.min(size, capacity - head);
    int from = head;
    allocate(Integer.highestOneBit(atLeast - 1) << 1);
    MemorySegment.copy(before, from, ring, 0, first);
    MemorySegment.copy(before, 0, ring, first, size - first);
    head = 0;
  }

  private void allocate(int bytes) {
    capacity = bytes;
    ring = Arena.ofAuto().allocate(bytes, 8);
  }
}
