package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An off-heap array of `struct iovec`: address and length of pieces of memory.
final class Iovecs {
  private static final int BYTES = 16;

  private final MemorySegment array;

  Iovecs(int capacity) {
    array = Arena.ofAuto().allocate((long) capacity * BYTES, 64);
  }

  void set(int i, long address, long lengthBytes) {
    array.set(JAVA_LONG, (long) i * BYTES, address);
    array.set(JAVA_LONG, (long) i * BYTES + 8, lengthBytes);
  }

  long address(int i) {
    return array.address() + (long) i * BYTES;
  }
}
