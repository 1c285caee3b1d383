package org.plenum.sfu.rtp;

import static org.plenum.sfu.rtp.NetworkOrder.i32;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// Read-only view of one RTP packet (RFC 3550 §5.1) in a slab. A reusable flyweight, so that the
/// packet path allocates nothing: [#parse] moves it to the next packet and proves every accessor
/// safe. Owned by one thread.
///
/// The header fields are read at [#parse]; after a parse that returned false no accessor means
/// anything.
public final class RtpPacket {
  private static final int FIXED_HEADER_BYTES = 12;
  private static final int VERSION_2 = 2;

  private MemorySegment slab = MemorySegment.NULL;
  private long offset;
  private int length;
  private int firstWord;
  private int timestamp;
  private int ssrc;
  private int headerLength;
  private int paddingLength;
  private final HeaderExtensionBlock extensions = new HeaderExtensionBlock();

  /// Points this view at a packet and checks version, CSRCs, extension block (RFC 8285, both
  /// forms), padding. Returns false if a length points outside: CSRCs or extension block beyond the
  /// packet, a padding count of 0 or of more than the payload.
  ///
  /// An element that runs past its extension block costs itself and the rest of the block, never
  /// the packet: the block's own length says where the payload starts. A block of an unknown
  /// profile is skipped (RFC 3550 §5.3.1).
  public boolean parse(MemorySegment slab, long offset, int length) {
    if (length < FIXED_HEADER_BYTES) {
      return false;
    }
    int word = i32(slab, offset);
    if (word >>> 30 != VERSION_2) {
      return false;
    }
    this.slab = slab;
    this.offset = offset;
    this.length = length;
    firstWord = word;
    timestamp = i32(slab, offset + 4);
    ssrc = i32(slab, offset + 8);
    return parseExtensionBlock() && parsePadding();
  }

  private boolean parseExtensionBlock() {
    int end = FIXED_HEADER_BYTES + 4 * (firstWord >>> 24 & 0xF);
    extensions.clear();
    if ((firstWord >>> 28 & 1) != 0) {
      if (length < end + 4) {
        return false;
      }
      int profile = u16(slab, offset + end);
      int start = end + 4;
      end = start + 4 * u16(slab, offset + end + 2);
      if (end <= length) {
        extensions.parse(profile, slab, offset, start, end);
      }
    }
    headerLength = end;
    return end <= length;
  }

  private boolean parsePadding() {
    paddingLength = 0;
    if ((firstWord >>> 29 & 1) == 0) {
      return true;
    }
    if (length == headerLength) {
      return false;
    }
    paddingLength = u8(slab, offset + length - 1);
    return paddingLength > 0 && paddingLength <= length - headerLength;
  }

  public MemorySegment slab() {
    return slab;
  }

  /// Where the packet starts in the slab.
  public long offset() {
    return offset;
  }

  /// Bytes of the whole packet.
  public int length() {
    return length;
  }

  /// 0 to 127.
  public int payloadType() {
    return firstWord >>> 16 & 0x7F;
  }

  public boolean marker() {
    return (firstWord >>> 23 & 1) != 0;
  }

  /// Unsigned 16 bits, wraps at 65 536.
  public int sequenceNumber() {
    return firstWord & 0xFFFF;
  }

  /// 32 bits, to be taken as unsigned.
  public int timestamp() {
    return timestamp;
  }

  /// 32 bits, to be taken as unsigned.
  public int ssrc() {
    return ssrc;
  }

  /// Bytes from the packet's start to its payload, CSRCs and extension block included.
  public int headerLength() {
    return headerLength;
  }

  /// Bytes of payload, padding excluded.
  public int payloadLength() {
    return length - headerLength - paddingLength;
  }

  /// Bytes of padding, its count byte included; 0 without padding.
  public int paddingLength() {
    return paddingLength;
  }

  /// Where the data of extension `id` (1 to 255) starts, in bytes from the packet's start; -1 if
  /// the packet does not carry it (always for id 0: not negotiated). Of an id that appears twice,
  /// the last counts.
  public int extensionOffset(int id) {
    return extensions.offset(id);
  }

  /// Bytes of that extension's data (0 is possible in the two-byte form); only after
  /// [#extensionOffset] found it.
  public int extensionLength(int id) {
    return extensions.length(id);
  }
}
