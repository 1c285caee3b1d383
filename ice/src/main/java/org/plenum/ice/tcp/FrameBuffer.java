package org.plenum.ice.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The bytes received on a TCP connection, cut into frames as its [Framing] says. Bytes are put at
/// [#space] and counted by [#add]; [#next] looks for a frame, which [#take] drops. Owned by one
/// thread at a time.
public final class FrameBuffer {
  /// Longer frames are a reason to close the connection: we send none that long, and a peer
  /// that does has lost its place in the stream or is hostile.
  public static final int MAX_FRAME_BYTES = 2048;

  /// [#next]: the next frame has not come as a whole.
  public static final int INCOMPLETE = -1;

  /// [#next]: the next frame is longer than [#MAX_FRAME_BYTES], or is none; nothing can be read any
  /// more.
  public static final int TOO_LONG = -2;

  private static final int HEADER_BYTES = 2;

  /// What has to be there of a STUN message or of ChannelData to know its length.
  private static final int STUN_LENGTH_END = 4;

  private static final int STUN_HEADER_BYTES = 20;
  private static final int CHANNEL_DATA_HEADER_BYTES = 4;

  /// Up to here a connection's first bytes must have come to tell how it is framed.
  private static final int COOKIE_END = 8;

  private static final int MAGIC_COOKIE = 0x2112_A442;

  /// So that there is always room while no frame is complete.
  private static final int CAPACITY = 2 * (HEADER_BYTES + MAX_FRAME_BYTES);

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment bytes = Arena.ofAuto().allocate(CAPACITY, 8);
  private int start;
  private int end;
  private int frame;
  private @Nullable Framing framing;

  /// Of a connection that is framed so.
  public FrameBuffer(Framing framing) {
    this.framing = framing;
  }

  /// Of a connection whose first bytes tell: a STUN message that begins it has the magic cookie
  /// where after a frame's length no STUN message can have such a length.
  public FrameBuffer() {}

  /// How the connection is framed, as far as that has shown: else as ICE-TCP is.
  public Framing framing() {
    return framing == null ? Framing.RFC_4571 : framing;
  }

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
    if (framing == null) {
      if (end - start < COOKIE_END) {
        return INCOMPLETE;
      }
      framing = bytes.get(U32, start + 4) == MAGIC_COOKIE ? Framing.STUN : Framing.RFC_4571;
    }
    return switch (framing) {
      case RFC_4571 -> nextFrame();
      case STUN -> nextStun();
    };
  }

  /// A STUN message, or ChannelData with the padding that it has over TCP (RFC 8656 §12.5).
  private int nextStun() {
    if (end - start < STUN_LENGTH_END) {
      return INCOMPLETE;
    }
    int first = bytes.get(ValueLayout.JAVA_BYTE, start) & 0xFF;
    int said = bytes.get(U16, start + 2) & 0xFFFF;
    int length =
        switch (first >>> 4) {
          case 0, 1, 2, 3 -> STUN_HEADER_BYTES + said;
          case 4 -> CHANNEL_DATA_HEADER_BYTES + (said + 3 & ~3);
          default -> TOO_LONG;
        };
    if (length < 0 || length > MAX_FRAME_BYTES || length % 4 != 0) {
      return TOO_LONG;
    }
    frame = length;
    return end - start >= length ? length : INCOMPLETE;
  }

  private int nextFrame() {
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
    return (long) start + headerBytes();
  }

  /// Drops the frame that [#next] found.
  public void take() {
    start += headerBytes() + frame;
  }

  /// Bytes of the frame that are none of the datagram.
  private int headerBytes() {
    return framing == Framing.STUN ? 0 : HEADER_BYTES;
  }
}
