package org.plenum.broadcast.box;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes boxes into a buffer that grows. Big-endian, as ISO/IEC 14496-12 §4.2 has it. One thread.
final class BoxWriter {
  private byte[] bytes;
  private int length;

  BoxWriter(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  /// Begins a box.
  ///
  /// @param type four characters
  /// @return to be given to [#end]
  int start(String type) {
    int at = length;
    u32(0);
    put(type.getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  /// Begins a box that has a version and flags.
  int start(String type, int version, int flags) {
    int at = start(type);
    u32(version << 24 | flags);
    return at;
  }

  /// Ends the box that begins at `at`.
  void end(int at) {
    patch(at, length - at);
  }

  /// Writes over four bytes that were written before.
  void patch(int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> 24 - 8 * i);
    }
  }

  /// Bytes written so far.
  int length() {
    return length;
  }

  void u8(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void u16(int value) {
    u8(value >> 8);
    u8(value);
  }

  void u32(int value) {
    u16(value >>> 16);
    u16(value);
  }

  void u64(long value) {
    u32((int) (value >>> 32));
    u32((int) value);
  }

  void zeros(int count) {
    reserve(count);
    length += count;
  }

  void put(byte[] some) {
    reserve(some.length);
    System.arraycopy(some, 0, bytes, length, some.length);
    length += some.length;
  }

  /// All that was written.
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
