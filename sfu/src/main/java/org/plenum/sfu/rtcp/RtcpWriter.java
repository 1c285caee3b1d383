package org.plenum.sfu.rtcp;

import static org.plenum.sfu.rtp.NetworkOrder.put16;
import static org.plenum.sfu.rtp.NetworkOrder.put24;
import static org.plenum.sfu.rtp.NetworkOrder.put32;
import static org.plenum.sfu.rtp.NetworkOrder.put64;
import static org.plenum.sfu.rtp.NetworkOrder.put8;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Builds a compound RTCP packet in a slab: [#begin], packets in order, [#length]. Reusable; one
/// thread. Writing past the limit is refused (false), never partial.
public final class RtcpWriter {
  private static final int VERSION_2 = 0x80;
  private static final int MAX_REPORT_BLOCKS = 31;
  private static final int CNAME = 1;
  private static final long NO_REPORT = -1;

  private MemorySegment slab = MemorySegment.NULL;
  private long start;
  private long at;
  private long limit;

  /// The SR or RR that report blocks go to.
  private long report = NO_REPORT;

  /// Starts a compound at `offset` that may take up to `limitBytes`.
  public void begin(MemorySegment slab, long offset, int limitBytes) {
    this.slab = slab;
    start = offset;
    at = offset;
    limit = offset + limitBytes;
    report = NO_REPORT;
  }

  /// Starts an SR (RFC 3550 §6.4.1); report blocks may follow.
  public boolean senderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {
    long sr = packet(RtcpFormat.SENDER_REPORT, 0, RtcpFormat.SENDER_REPORT_BYTES);
    if (sr < 0) {
      return false;
    }
    put32(slab, sr + 4, ssrc);
    put64(slab, sr + 8, ntp);
    put32(slab, sr + 16, rtpTimestamp);
    put32(slab, sr + 20, packetCount);
    put32(slab, sr + 24, octetCount);
    report = sr;
    return true;
  }

  /// Starts an RR; report blocks may follow.
  public boolean receiverReport(int ssrc) {
    long rr = packet(RtcpFormat.RECEIVER_REPORT, 0, RtcpFormat.RECEIVER_REPORT_BYTES);
    if (rr < 0) {
      return false;
    }
    put32(slab, rr + 4, ssrc);
    report = rr;
    return true;
  }

  /// Adds a block to the SR or RR just started (at most 31).
  ///
  /// @param cumulativeLost clamped to 24 bits, signed (RFC 3550 §A.3)
  public boolean reportBlock(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequenceNumber,
      int jitter,
      int lastSenderReport,
      int delaySinceLastSenderReport) {
    if (report == NO_REPORT) {
      throw new IllegalStateException("a report block must follow an SR or RR");
    }
    int header = u8(slab, report);
    if ((header & 0x1F) == MAX_REPORT_BLOCKS || limit - at < RtcpFormat.REPORT_BLOCK_BYTES) {
      return false;
    }
    put32(slab, at, ssrc);
    put8(slab, at + 4, fractionLost);
    put24(slab, at + 5, Math.clamp(cumulativeLost, -0x80_0000, 0x7F_FFFF));
    put32(slab, at + 8, extendedHighestSequenceNumber);
    put32(slab, at + 12, jitter);
    put32(slab, at + 16, lastSenderReport);
    put32(slab, at + 20, delaySinceLastSenderReport);
    at += RtcpFormat.REPORT_BLOCK_BYTES;
    put8(slab, report, header + 1);
    put16(slab, report + 2, u16(slab, report + 2) + RtcpFormat.REPORT_BLOCK_BYTES / 4);
    return true;
  }

  /// SDES with one CNAME chunk (RFC 3550 §6.5.1); `cname` 1 to 255 ASCII bytes.
  public boolean sdes(int ssrc, byte[] cname) {
    if (cname.length < 1 || cname.length > 255) {
      throw new IllegalArgumentException("cname must be 1 to 255 bytes, not " + cname.length);
    }
    // The item list ends with one to four null bytes, at a 32-bit boundary (RFC 3550 §6.5).
    int itemBytes = 2 + cname.length;
    int paddedBytes = (itemBytes + 4) & ~3;
    long sdes = packet(RtcpFormat.SOURCE_DESCRIPTION, 1, RtcpFormat.HEADER_BYTES + 4 + paddedBytes);
    if (sdes < 0) {
      return false;
    }
    put32(slab, sdes + 4, ssrc);
    put8(slab, sdes + 8, CNAME);
    put8(slab, sdes + 9, cname.length);
    bytes(sdes + 10, cname, cname.length, paddedBytes - 2);
    return true;
  }

  /// An extended report from which a receiver learns the round trip (DLRR, RFC 3611 §4.5).
  ///
  /// @param receiverSsrc who had sent a reference time
  /// @param lastReceiverReport middle 32 bits of that time
  /// @param delay since it came, in 1/65 536 s
  public boolean delaySinceLastReceiverReport(
      int senderSsrc, int receiverSsrc, int lastReceiverReport, int delay) {
    long report =
        packet(
            RtcpFormat.EXTENDED_REPORT,
            0,
            RtcpFormat.EXTENDED_REPORT_BYTES + RtcpFormat.DELAY_SINCE_LAST_RECEIVER_REPORT_BYTES);
    if (report < 0) {
      return false;
    }
    put32(slab, report + 4, senderSsrc);
    long block = report + RtcpFormat.EXTENDED_REPORT_BYTES;
    put8(slab, block, RtcpFormat.DELAY_SINCE_LAST_RECEIVER_REPORT);
    put8(slab, block + 1, 0);
    put16(slab, block + 2, RtcpFormat.DELAY_SINCE_LAST_RECEIVER_REPORT_BYTES / 4 - 1);
    put32(slab, block + 4, receiverSsrc);
    put32(slab, block + 8, lastReceiverReport);
    put32(slab, block + 12, delay);
    return true;
  }

  /// Generic NACK for `count` (at least 1) sequence numbers in ascending (wrapping) order, packed
  /// into PID + BLP.
  public boolean nack(int senderSsrc, int mediaSsrc, int[] sequenceNumbers, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a NACK names at least one packet, not " + count);
    }
    int entries = 0;
    for (int i = 0; i < count; i = nextEntry(sequenceNumbers, i, count)) {
      entries++;
    }
    long entry =
        feedback(
            RtcpFormat.TRANSPORT_FEEDBACK,
            RtcpFormat.NACK,
            senderSsrc,
            mediaSsrc,
            entries * RtcpFormat.NACK_ENTRY_BYTES);
    if (entry < 0) {
      return false;
    }
    for (int i = 0; i < count; entry += RtcpFormat.NACK_ENTRY_BYTES) {
      int next = nextEntry(sequenceNumbers, i, count);
      put16(slab, entry, sequenceNumbers[i]);
      put16(slab, entry + 2, lostPacketsMask(sequenceNumbers, i, next));
      i = next;
    }
    return true;
  }

  /// The first index past `first` whose number is too far ahead to share the entry.
  private static int nextEntry(int[] sequenceNumbers, int first, int count) {
    int next = first + 1;
    while (next < count && (sequenceNumbers[next] - sequenceNumbers[first] & 0xFFFF) <= 16) {
      next++;
    }
    return next;
  }

  /// BLP: bit i stands for PID + i + 1 (RFC 4585 §6.2.1).
  private static int lostPacketsMask(int[] sequenceNumbers, int first, int next) {
    int mask = 0;
    for (int i = first + 1; i < next; i++) {
      int distance = sequenceNumbers[i] - sequenceNumbers[first] & 0xFFFF;
      mask |= distance == 0 ? 0 : 1 << distance - 1;
    }
    return mask;
  }

  /// PLI (RFC 4585 §6.3.1).
  public boolean pictureLossIndication(int senderSsrc, int mediaSsrc) {
    return feedback(
            RtcpFormat.PAYLOAD_FEEDBACK,
            RtcpFormat.PICTURE_LOSS_INDICATION,
            senderSsrc,
            mediaSsrc,
            0)
        >= 0;
  }

  /// FIR (RFC 5104 §4.3.1); the media SSRC goes into the FCI, the header's field is 0 (§4.3.1.2).
  public boolean fullIntraRequest(int senderSsrc, int mediaSsrc, int commandSequenceNumber) {
    long fci =
        feedback(
            RtcpFormat.PAYLOAD_FEEDBACK,
            RtcpFormat.FULL_INTRA_REQUEST,
            senderSsrc,
            0,
            RtcpFormat.FULL_INTRA_REQUEST_ENTRY_BYTES);
    if (fci < 0) {
      return false;
    }
    put32(slab, fci, mediaSsrc);
    put32(slab, fci + 4, commandSequenceNumber << 24);
    return true;
  }

  /// BYE for one SSRC.
  public boolean bye(int ssrc) {
    long bye = packet(RtcpFormat.BYE, 1, RtcpFormat.HEADER_BYTES + 4);
    if (bye < 0) {
      return false;
    }
    put32(slab, bye + 4, ssrc);
    return true;
  }

  /// Transport-cc feedback whose FCI (base sequence number on) is `fci`, padded to 32 bits by this
  /// method: with zeros that belong to the FCI (transport-wide-cc draft §3.1), not by the P bit, so
  /// that other packets may follow.
  public boolean transportCc(int senderSsrc, int mediaSsrc, byte[] fci, int fciLength) {
    int paddedBytes = (fciLength + 3) & ~3;
    long at =
        feedback(
            RtcpFormat.TRANSPORT_FEEDBACK,
            RtcpFormat.TRANSPORT_CC,
            senderSsrc,
            mediaSsrc,
            paddedBytes);
    if (at < 0) {
      return false;
    }
    bytes(at, fci, fciLength, paddedBytes);
    return true;
  }

  /// Bytes written since [#begin].
  public int length() {
    return (int) (at - start);
  }

  /// Starts a feedback message and returns where its FCI goes, or -1 if it does not fit.
  private long feedback(int type, int format, int senderSsrc, int mediaSsrc, int fciBytes) {
    long header = packet(type, format, RtcpFormat.FEEDBACK_BYTES + fciBytes);
    if (header < 0) {
      return -1;
    }
    put32(slab, header + 4, senderSsrc);
    put32(slab, header + 8, mediaSsrc);
    return header + RtcpFormat.FEEDBACK_BYTES;
  }

  /// Takes the room of a packet, writes its first word and returns where it starts, or -1 if it
  /// does not fit.
  private long packet(int type, int count, int bytes) {
    report = NO_REPORT; // refused or not: later blocks do not belong to an earlier report
    if (bytes > limit - at) {
      return -1;
    }
    long header = at;
    put8(slab, header, VERSION_2 | count);
    put8(slab, header + 1, type);
    put16(slab, header + 2, bytes / 4 - 1);
    at += bytes;
    return header;
  }

  /// Copies `length` bytes and fills up with zeros.
  private void bytes(long to, byte[] from, int length, int paddedLength) {
    MemorySegment.copy(from, 0, slab, ValueLayout.JAVA_BYTE, to, length);
    for (int i = length; i < paddedLength; i++) {
      put8(slab, to + i, 0);
    }
  }
}
