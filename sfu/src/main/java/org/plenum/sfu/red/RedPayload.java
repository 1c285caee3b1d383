package org.plenum.sfu.red;

import static org.plenum.sfu.rtp.NetworkOrder.i32;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// View of an RTP payload of redundant audio (RFC 2198 §3): the primary block and, before it,
/// blocks that repeat earlier ones, oldest first. A reusable flyweight; one thread. To strip the
/// redundancy is to take [#primaryOffset] and [#primaryLength] alone.
public final class RedPayload {
  /// What receivers take (libwebrtc reads 32 blocks in all); more is refused.
  public static final int MOST_REDUNDANT = 31;

  static final int HEADER_BYTES = 4;
  static final int LAST_HEADER_BYTES = 1;

  /// F: another block header follows.
  static final int FOLLOWED = 0x80;

  static final int MOST_LENGTH = 0x3FF;
  static final int MOST_TIMESTAMP_OFFSET = 0x3FFF;

  private final int[] headers = new int[MOST_REDUNDANT];
  private final int[] offsets = new int[MOST_REDUNDANT];
  private int redundant;
  private int primaryPayloadType;
  private int primaryOffset;
  private int primaryLength;

  /// Points this view at a payload. Returns false if its headers do not end, announce more than
  /// there is, are too many, or leave nothing for the primary block.
  public boolean parse(MemorySegment slab, long payloadOffset, int payloadLength) {
    redundant = 0;
    int at = 0;
    int lengths = 0;
    while (at < payloadLength && (u8(slab, payloadOffset + at) & FOLLOWED) != 0) {
      if (redundant == MOST_REDUNDANT || payloadLength - at < HEADER_BYTES) {
        return false;
      }
      headers[redundant] = i32(slab, payloadOffset + at);
      offsets[redundant] = lengths;
      lengths += headers[redundant] & MOST_LENGTH;
      redundant++;
      at += HEADER_BYTES;
    }
    int data = at + LAST_HEADER_BYTES;
    if (data + lengths >= payloadLength) {
      return false;
    }
    primaryPayloadType = u8(slab, payloadOffset + at);
    primaryOffset = data + lengths;
    primaryLength = payloadLength - primaryOffset;
    for (int i = 0; i < redundant; i++) {
      offsets[i] += data;
    }
    return true;
  }

  /// Blocks before the primary one: 0 to [#MOST_REDUNDANT].
  public int redundantCount() {
    return redundant;
  }

  /// Payload type of the primary block, 0 to 127.
  public int primaryPayloadType() {
    return primaryPayloadType;
  }

  /// Offset of the primary block from the payload's start.
  public int primaryOffset() {
    return primaryOffset;
  }

  /// At least 1.
  public int primaryLength() {
    return primaryLength;
  }

  /// Payload type of the redundant block `index`, 0 to 127.
  public int payloadType(int index) {
    return headers[index] >>> 24 & 0x7F;
  }

  /// How much earlier than the packet's timestamp a redundant block is, in ticks of the clock: 0 to
  /// 16 383.
  public int timestampOffset(int index) {
    return headers[index] >>> 10 & MOST_TIMESTAMP_OFFSET;
  }

  /// Offset of a redundant block from the payload's start.
  public int offset(int index) {
    return offsets[index];
  }

  /// Bytes of a redundant block: 0 to 1023.
  public int length(int index) {
    return headers[index] & MOST_LENGTH;
  }
}
