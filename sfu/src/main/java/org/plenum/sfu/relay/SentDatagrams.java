package org.plenum.sfu.relay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The latest datagrams of a [PacketLine] as they left, off-heap, by their index. What is asked for
/// again is sent again to the bit, so that no packet index is ever encrypted twice. The thread that
/// made it.
final class SentDatagrams implements AutoCloseable {
  /// Half a second of 64 Mb/s.
  private static final int BYTES = 4 << 20;

  /// A power of two.
  private static final int PLACES = 4096;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment bytes = arena.allocate(BYTES);
  private final long[] indices = new long[PLACES];
  private final long[] positions = new long[PLACES];
  private final short[] lengths = new short[PLACES];
  private long writePosition;

  SentDatagrams() {
    Arrays.fill(indices, -1);
  }

  void keep(long index, MemorySegment from, long at, int length) {
    long place = writePosition % BYTES;
    if (place + length > BYTES) {
      writePosition += BYTES - place;
    }
    MemorySegment.copy(from, at, bytes, writePosition % BYTES, length);
    int entry = (int) index & PLACES - 1;
    indices[entry] = index;
    positions[entry] = writePosition;
    lengths[entry] = (short) length;
    writePosition += length;
  }

  /// @return bytes copied; 0 if it is there no more
  int copy(long index, MemorySegment to, long at) {
    int entry = (int) index & PLACES - 1;
    if (index < 0 || indices[entry] != index || positions[entry] < writePosition - BYTES) {
      return 0;
    }
    MemorySegment.copy(bytes, positions[entry] % BYTES, to, at, lengths[entry]);
    return lengths[entry];
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
