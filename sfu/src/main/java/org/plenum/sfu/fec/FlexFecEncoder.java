package org.plenum.sfu.fec;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Makes the payload of a repair packet (draft-ietf-payload-flexible-fec-scheme-03 §4.2.2) for
/// packets of one SSRC, of which a viewer can restore any one. Browsers know this version as
/// `flexfec-03`; they take flexible masks, one SSRC, no retransmissions.
///
/// It works on packets as they are sent, before encryption, so that what a viewer restores is what
/// it would have received; but for header extensions that are written last (transport-wide number,
/// send time), in whose place the caller puts zeros, as libwebrtc does at both ends. Reusable;
/// allocates nothing; one thread. For each group of packets: [#begin], [#add] for each, [#write].
///
/// ```text
///  0: R=0 F=0 P X CC | M PT recovery | length recovery
///  4: timestamp recovery
///  8: SSRC count = 1 | reserved
/// 12: SSRC
/// 16: base sequence number | k mask of 15 bits
/// 20: k mask of 31 bits, if the first k is 0
/// 24: k mask of 63 bits, if the second k is 0
/// ```
/// The repair payload follows: everything after the fixed header of 12 bytes.
public final class FlexFecEncoder {
  /// Packets of one group: as many as libwebrtc protects at once, less the two that would need the
  /// longest mask.
  public static final int MOST_PACKETS = 46;

  /// Of the longest header that is written.
  public static final int MOST_HEADER_BYTES = 24;

  private static final int SHORT_HEADER_BYTES = 20;
  private static final int SHORT_MASK_BITS = 15;
  private static final int FIXED_RTP_HEADER_BYTES = 12;
  private static final int SSRC_COUNT = 1;

  /// R and F: neither a retransmission nor a fixed mask.
  private static final int FLAGS = 0xC000;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final MemorySegment repair;
  private int ssrc;
  private int base;
  private long mask;
  private int count;
  private int repairLength;
  private int headerWord;
  private int lengthRecovery;
  private int timestampRecovery;

  /// @param scratch where the packets are added up, as many bytes as the longest packet may have;
  ///     owned by this encoder from now on
  public FlexFecEncoder(MemorySegment scratch) {
    this.repair = scratch;
  }

  /// Begins a group.
  ///
  /// @param protectedSsrc of the packets, as the viewer knows it
  public void begin(int protectedSsrc) {
    clear();
    ssrc = protectedSsrc;
    mask = 0;
    count = 0;
    repairLength = 0;
    headerWord = 0;
    lengthRecovery = 0;
    timestampRecovery = 0;
  }

  private void clear() {
    int at = 0;
    for (; at + Long.BYTES <= repairLength; at += Long.BYTES) {
      repair.set(LONG, at, 0);
    }
    for (; at < repairLength; at++) {
      put8(repair, at, 0);
    }
  }

  /// Adds a packet; the first one has the lowest sequence number.
  ///
  /// @param slab holds the whole RTP packet, as it is sent but for the encryption
  /// @return false if it cannot be in this group, which goes on without it: too far from the first
  ///     one, before it, there already, or longer than the scratch
  public boolean add(MemorySegment slab, long offset, int length) {
    return add(slab, offset, length, slab, offset, 0);
  }

  /// Adds a packet that lies in two places.
  ///
  /// @param slab holds its begin: the fixed header at least
  /// @param rest holds what follows
  /// @return as of the other
  public boolean add(
      MemorySegment slab,
      long offset,
      int length,
      MemorySegment rest,
      long restOffset,
      int restLength) {
    int beginLength = length - FIXED_RTP_HEADER_BYTES;
    int bodyLength = beginLength + restLength;
    if (beginLength < 0 || bodyLength > repair.byteSize()) {
      return false;
    }
    int sequenceNumber = u16(slab, offset + 2);
    int place = count == 0 ? 0 : sequenceNumber - base & 0xFFFF;
    if (place >= MOST_PACKETS || (mask & bit(place)) != 0) {
      return false;
    }
    base = count == 0 ? sequenceNumber : base;
    mask |= bit(place);
    count++;
    headerWord ^= u16(slab, offset);
    lengthRecovery ^= bodyLength;
    timestampRecovery ^= u16(slab, offset + 4) << 16 | u16(slab, offset + 6);
    addBody(0, slab, offset + FIXED_RTP_HEADER_BYTES, beginLength);
    addBody(beginLength, rest, restOffset, restLength);
    repairLength = Math.max(repairLength, bodyLength);
    return true;
  }

  private void addBody(int to, MemorySegment slab, long offset, int length) {
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      repair.set(LONG, to + at, repair.get(LONG, to + at) ^ slab.get(LONG, offset + at));
    }
    for (; at < length; at++) {
      put8(repair, to + at, u8(repair, to + at) ^ u8(slab, offset + at));
    }
  }

  private static long bit(int place) {
    return 1L << place;
  }

  /// Packets in this group: 0 to [#MOST_PACKETS].
  public int count() {
    return count;
  }

  /// Sequence numbers from the first packet of the group to the last, both included.
  public int span() {
    return Long.SIZE - Long.numberOfLeadingZeros(mask);
  }

  /// Bytes that [#write] will write; 0 for an empty group.
  public int payloadLength() {
    return count == 0 ? 0 : headerLength() + repairLength;
  }

  private int headerLength() {
    return span() <= SHORT_MASK_BITS ? SHORT_HEADER_BYTES : MOST_HEADER_BYTES;
  }

  /// Writes the repair packet's payload, [#payloadLength] bytes, and returns their number. The
  /// group is not changed.
  public int write(MemorySegment out, long offset) {
    if (count == 0) {
      return 0;
    }
    put16(out, offset, headerWord & ~FLAGS);
    put16(out, offset + 2, lengthRecovery);
    put32(out, offset + 4, timestampRecovery);
    put32(out, offset + 8, SSRC_COUNT << 24);
    put32(out, offset + 12, ssrc);
    put16(out, offset + 16, base);
    // On the wire the first packet's bit is the most significant one.
    long bits = Long.reverse(mask);
    int first = (int) (bits >>> 49);
    if (span() <= SHORT_MASK_BITS) {
      put16(out, offset + 18, 0x8000 | first);
    } else {
      put16(out, offset + 18, first);
      put32(out, offset + 20, 0x8000_0000 | (int) (bits >>> 18));
    }
    MemorySegment.copy(repair, 0, out, offset + headerLength(), repairLength);
    return headerLength() + repairLength;
  }
}
