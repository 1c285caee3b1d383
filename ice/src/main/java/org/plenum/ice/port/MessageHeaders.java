package org.plenum.ice.port;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An off-heap array of `struct mmsghdr` (recvmmsg, sendmmsg), each with room of its own for a
/// socket address and control messages. Offsets are those of 64-bit Linux with glibc.
final class MessageHeaders {
  /// Room for the control messages of one header: packet info of both families (40 + 32), a drop
  /// count or a segment size (24 each).
  static final int CONTROL_BYTES = 128;

  private static final int HEADER_BYTES = 64;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int IOVEC = 16;
  private static final int IOVEC_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int LENGTH = 56;
  private static final int NAME_ROOM = 32;

  private final MemorySegment headers;
  private final MemorySegment names;
  private final MemorySegment controls;
  private final MemorySegment[] tails;

  MessageHeaders(int capacity) {
    Arena arena = Arena.ofAuto();
    headers = arena.allocate((long) capacity * HEADER_BYTES, 64);
    names = arena.allocate((long) capacity * NAME_ROOM, 64);
    controls = arena.allocate((long) capacity * CONTROL_BYTES, 64);
    tails = new MemorySegment[capacity];
    for (int i = 0; i < capacity; i++) {
      tails[i] = headers.asSlice(header(i));
      headers.set(JAVA_LONG, header(i) + NAME, names.address() + nameOffset(i));
    }
  }

  /// The array from header i on, as the calls want it.
  MemorySegment from(int i) {
    return tails[i];
  }

  /// Where socket addresses are; that of header i is at [#nameOffset].
  MemorySegment names() {
    return names;
  }

  long nameOffset(int i) {
    return (long) i * NAME_ROOM;
  }

  /// Where control messages are; those of header i are at [#controlOffset].
  MemorySegment controls() {
    return controls;
  }

  long controlOffset(int i) {
    return (long) i * CONTROL_BYTES;
  }

  void nameLength(int i, int bytes) {
    headers.set(JAVA_INT, header(i) + NAME_LENGTH, bytes);
  }

  void iovecs(int i, long address, int count) {
    headers.set(JAVA_LONG, header(i) + IOVEC, address);
    headers.set(JAVA_LONG, header(i) + IOVEC_COUNT, count);
  }

  /// Control messages of header i: `bytes` of them at `offset` of [#controls].
  void control(int i, long offset, long bytes) {
    headers.set(JAVA_LONG, header(i) + CONTROL, controls.address() + offset);
    headers.set(JAVA_LONG, header(i) + CONTROL_LENGTH, bytes);
  }

  /// After a receive: bytes of control messages the kernel wrote.
  long controlLength(int i) {
    return headers.get(JAVA_LONG, header(i) + CONTROL_LENGTH);
  }

  /// After a receive: MSG_ flags.
  int flags(int i) {
    return headers.get(JAVA_INT, header(i) + FLAGS);
  }

  /// After a call: bytes of payload moved.
  int length(int i) {
    return headers.get(JAVA_INT, header(i) + LENGTH);
  }

  private static long header(int i) {
    return (long) i * HEADER_BYTES;
  }
}
