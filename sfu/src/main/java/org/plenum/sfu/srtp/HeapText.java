package org.plenum.sfu.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The text of one packet on the heap, gathered from pieces, for the JCE back end.
final class HeapText {
  private byte[] bytes = new byte[2048]; // more than any datagram we take in practice; grows
  private int length;

  void clear() {
    length = 0;
  }

  void append(MemorySegment from, long offset, int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, bytes, length, count);
    length += count;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
