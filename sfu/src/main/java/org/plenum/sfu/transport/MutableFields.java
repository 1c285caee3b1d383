package org.plenum.sfu.transport;

import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// Where in a header that is being built stands what is written last, or again on the way: the
/// transport-wide number, the send time, the end of video timing. Repair packets are made as if
/// there were zeros, as libwebrtc does at both ends. Reusable; worker's thread only.
final class MutableFields {
  private static final int MOST = 3;
  private static final int BYTE = 8;

  private final long[] offsets = new long[MOST];
  private final int[] lengths = new int[MOST];
  private final long[] values = new long[MOST];
  private int count;

  void clear() {
    count = 0;
  }

  /// @param length 1 to 8 bytes
  void add(long offset, int length) {
    offsets[count] = offset;
    lengths[count] = length;
    count++;
  }

  /// Puts zeros there.
  void blank(MemorySegment slab) {
    for (int i = 0; i < count; i++) {
      long value = 0;
      for (int at = 0; at < lengths[i]; at++) {
        value = value << BYTE | u8(slab, offsets[i] + at);
        put8(slab, offsets[i] + at, 0);
      }
      values[i] = value;
    }
  }

  /// Puts back what was there before [#blank].
  void restore(MemorySegment slab) {
    for (int i = 0; i < count; i++) {
      for (int at = lengths[i] - 1, shift = 0; at >= 0; at--, shift += BYTE) {
        put8(slab, offsets[i] + at, (int) (values[i] >>> shift) & 0xFF);
      }
    }
  }
}
