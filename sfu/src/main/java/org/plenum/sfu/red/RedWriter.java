package org.plenum.sfu.red;

import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put8;

import java.lang.foreign.MemorySegment;

/// Makes payloads of redundant audio (RFC 2198) out of plain ones. Reusable; allocates nothing; one
/// thread. For each packet: [#begin], [#add] for each earlier payload, oldest first, [#write].
public final class RedWriter {
  /// As many as [RedPolicy] asks for, and room to try more.
  public static final int MOST_REDUNDANT = 8;

  private final MemorySegment[] slabs = new MemorySegment[MOST_REDUNDANT];
  private final long[] offsets = new long[MOST_REDUNDANT];
  private final int[] lengths = new int[MOST_REDUNDANT];
  private final int[] timestampOffsets = new int[MOST_REDUNDANT];
  private int count;
  private int payloadType;
  private int timestamp;

  /// Begins a packet.
  ///
  /// @param payloadType of all blocks, as the viewer knows the codec
  /// @param timestamp of the packet
  public void begin(int payloadType, int timestamp) {
    this.payloadType = payloadType;
    this.timestamp = timestamp;
    count = 0;
  }

  /// Adds an earlier payload, after those that are older. The bytes are read by [#write].
  ///
  /// @return false if it is left out: RFC 2198 cannot say so great a length (10 bits) or age (14
  ///     bits), it is not older than the packet, or empty, or there are too many
  public boolean add(MemorySegment slab, long offset, int length, int itsTimestamp) {
    int age = timestamp - itsTimestamp;
    if (count == MOST_REDUNDANT
        || age <= 0
        || age > RedPayload.MOST_TIMESTAMP_OFFSET
        || length <= 0
        || length > RedPayload.MOST_LENGTH) {
      return false;
    }
    slabs[count] = slab;
    offsets[count] = offset;
    lengths[count] = length;
    timestampOffsets[count] = age;
    count++;
    return true;
  }

  /// Writes the payload: what was added, then the primary one. Where there is too little room the
  /// oldest are left out.
  ///
  /// @param room bytes that may be written
  /// @return bytes written, or -1 if not even the primary payload fits
  public int write(
      MemorySegment primary, long offset, int length, MemorySegment out, long outOffset, int room) {
    int first = firstThatFits(length, room);
    int total = RedPayload.LAST_HEADER_BYTES + length;
    for (int i = first; i < count; i++) {
      total += RedPayload.HEADER_BYTES + lengths[i];
    }
    if (total > room) {
      return -1;
    }
    int before = write(first, out, outOffset);
    MemorySegment.copy(primary, offset, out, outOffset + before, length);
    return total;
  }

  /// Bytes that [#writeBefore] will write.
  public int lengthBefore(int length, int room) {
    int first = firstThatFits(length, room);
    int total = first == count ? 0 : RedPayload.LAST_HEADER_BYTES;
    for (int i = first; i < count; i++) {
      total += RedPayload.HEADER_BYTES + lengths[i];
    }
    return total;
  }

  /// Writes what stands before the primary payload: headers, and what was added. Where there is too
  /// little room the oldest are left out.
  ///
  /// @param length of the primary payload, which the caller puts behind it
  /// @param room bytes that both may take
  /// @return bytes written; 0 if nothing is repeated: the packet then goes as a plain one
  public int writeBefore(int length, MemorySegment out, long outOffset, int room) {
    int first = firstThatFits(length, room);
    return first == count ? 0 : write(first, out, outOffset);
  }

  private int write(int first, MemorySegment out, long outOffset) {
    long at = outOffset;
    for (int i = first; i < count; i++) {
      int word = RedPayload.FOLLOWED | payloadType;
      put32(out, at, word << 24 | timestampOffsets[i] << 10 | lengths[i]);
      at += RedPayload.HEADER_BYTES;
    }
    put8(out, at, payloadType);
    at += RedPayload.LAST_HEADER_BYTES;
    for (int i = first; i < count; i++) {
      MemorySegment.copy(slabs[i], offsets[i], out, at, lengths[i]);
      at += lengths[i];
    }
    return (int) (at - outOffset);
  }

  /// Of what was added, the oldest that there is room for; `count` if for none.
  private int firstThatFits(int length, int room) {
    int total = RedPayload.LAST_HEADER_BYTES + length;
    int first = count;
    while (first > 0 && total + RedPayload.HEADER_BYTES + lengths[first - 1] <= room) {
      first--;
      total += RedPayload.HEADER_BYTES + lengths[first];
    }
    return first;
  }
}
