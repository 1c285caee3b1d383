package org.plenum.ice.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The bytes received on a TCP connection, cut into frames (RFC 4571 §2: 16 bits of length,
/// then a datagram). Bytes are put at [#space] and counted by [#add]; [#next] looks for a
/// frame, which [#take] drops. Owned by one thread at a time.
public final class FrameBuffer {
  /// Longer frames are a reason to close the connection: we send none that long, and a peer
  /// that does has lost its place in the stream or is hostile.
  public static final int MAX_FRAME_BYTES = 2048;

  /// [#next]: the next frame has not come as a whole.
  public static final int INCOMPLETE = -1;

  /// [#next]: the next frame is longer than [#MAX_FRAME_BYTES]; nothing can be read any more.
  public static final int TOO_LONG = -2;

  private static final int HEADER_BYTES = 2;

  /// So that there is always room while no frame is complete.
  private static final int CAPACITY = 2 * (HEADER_BYTES + MAX_FRAME_BYTES);

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment bytes = Arena.ofAuto().allocate(CAPACITY, 8);
  private int start;
  private int end;
  private int frame;

  /// Where the next bytes of the connection go; empty only while a frame waits to be taken.
  public MemorySegment space() {
    if (start > 0) {
      MemorySegment.copy(bytes, start, bytes, 0, end - start);
      end -= start;
      start = 0;
    }
    return bytes.asSlice(end);
  }

  /// Counts the bytes that were just put at [#space].
  public void add(int count) {
    if (count < 0 || count > CAPACITY - end) {
      throw new IllegalArgumentException(count + " bytes do not fit");
    }
    end += count;
  }

  /// Looks at the next frame. Empty ones are passed over (RFC 4571 §2: null packets).
  ///
  /// @return its length, 1 to [#MAX_FRAME_BYTES]; or [#INCOMPLETE] or [#TOO_LONG]
  public int next() {
    while (end - start >= HEADER_BYTES) {
      int length = bytes.get(U16, start) & 0xFFFF;
      if (length > MAX_FRAME_BYTES) {
        return TOO_LONG;
      }
      if (length > 0) {
        frame = length;
        return end - start - HEADER_BYTES >= length ? length : INCOMPLETE;
      }
      start += HEADER_BYTES;
    }
    return INCOMPLETE;
  }

  /// Where the frame is that [#next] found, at [#offset].
  public MemorySegment bytes() {
    return bytes;
  }

  public long offset() {
    return (long) start + HEADER_BYTES;
  }

  /// Drops the frame that [#next] found.
  public void take() {
    start += HEADER_BYTES + frame;
  }
}
