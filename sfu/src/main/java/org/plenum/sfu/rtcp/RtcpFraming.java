package org.plenum.sfu.rtcp;

import static org.plenum.sfu.rtp.NetworkOrder.i32;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// Proves that every field [RtcpReader] reads lies within its packet (RFC 3550 §A.2).
final class RtcpFraming {
  private static final int VERSION_2 = 2;
  private static final int PADDING_BIT = 0x20;

  private RtcpFraming() {}

  /// Whether the packets fill the compound exactly, and no count announces more than its packet
  /// holds. The first may be of any type (RFC 5506 §3.4.2).
  static boolean isSound(MemorySegment slab, long offset, int length) {
    if (length < RtcpFormat.HEADER_BYTES) {
      return false;
    }
    long end = offset + length;
    for (long at = offset; at < end; at += packetBytes(slab, at)) {
      if (end - at < RtcpFormat.HEADER_BYTES
          || u8(slab, at) >> 6 != VERSION_2
          || packetBytes(slab, at) > end - at) {
        return false;
      }
      if (!isPaddingSound(slab, at) || !isContentSound(slab, at)) {
        return false;
      }
    }
    return true;
  }

  /// Bytes of the packet at `at`, padding included.
  static int packetBytes(MemorySegment slab, long at) {
    return 4 * (u16(slab, at + 2) + 1);
  }

  /// Bytes of the packet at `at`, padding excluded.
  static int contentBytes(MemorySegment slab, long at) {
    int bytes = packetBytes(slab, at);
    return isPadded(slab, at) ? bytes - u8(slab, at + bytes - 1) : bytes;
  }

  private static boolean isPadded(MemorySegment slab, long at) {
    return (u8(slab, at) & PADDING_BIT) != 0;
  }

  /// RFC 3550 §6.4.1 wants padding on the last packet only and in multiples of four. Chromium pads
  /// its transport-cc feedback by one to three bytes, wherever that stands: so any padding that
  /// leaves the header alone is sound.
  private static boolean isPaddingSound(MemorySegment slab, long at) {
    if (!isPadded(slab, at)) {
      return true;
    }
    int bytes = packetBytes(slab, at);
    int padding = u8(slab, at + bytes - 1);
    return padding > 0 && padding <= bytes - RtcpFormat.HEADER_BYTES;
  }

  private static boolean isContentSound(MemorySegment slab, long at) {
    int count = u8(slab, at) & 0x1F;
    int bytes = contentBytes(slab, at);
    return switch (u8(slab, at + 1)) {
      case RtcpFormat.SENDER_REPORT ->
          bytes >= RtcpFormat.SENDER_REPORT_BYTES + count * RtcpFormat.REPORT_BLOCK_BYTES;
      case RtcpFormat.RECEIVER_REPORT ->
          bytes >= RtcpFormat.RECEIVER_REPORT_BYTES + count * RtcpFormat.REPORT_BLOCK_BYTES;
      case RtcpFormat.SOURCE_DESCRIPTION ->
          bytes >= RtcpFormat.HEADER_BYTES + count * RtcpFormat.SMALLEST_CHUNK_BYTES;
      case RtcpFormat.BYE -> bytes >= RtcpFormat.HEADER_BYTES + count * 4;
      case RtcpFormat.TRANSPORT_FEEDBACK ->
          bytes >= RtcpFormat.FEEDBACK_BYTES && isTransportFeedbackSound(count, bytes);
      case RtcpFormat.PAYLOAD_FEEDBACK ->
          bytes >= RtcpFormat.FEEDBACK_BYTES && isPayloadFeedbackSound(slab, at, count, bytes);
      default -> true;
    };
  }

  private static boolean isTransportFeedbackSound(int format, int bytes) {
    return format != RtcpFormat.TRANSPORT_CC
        || bytes >= RtcpFormat.FEEDBACK_BYTES + RtcpFormat.TRANSPORT_CC_FCI_BYTES;
  }

  private static boolean isPayloadFeedbackSound(
      MemorySegment slab, long at, int format, int bytes) {
    int fciBytes = bytes - RtcpFormat.FEEDBACK_BYTES;
    if (format == RtcpFormat.FULL_INTRA_REQUEST) {
      return fciBytes % RtcpFormat.FULL_INTRA_REQUEST_ENTRY_BYTES == 0;
    }
    long fci = at + RtcpFormat.FEEDBACK_BYTES;
    return format != RtcpFormat.APPLICATION_LAYER_FEEDBACK
        || !isRemb(slab, fci, fciBytes)
        || fciBytes >= RtcpFormat.REMB_FCI_BYTES + 4 * u8(slab, fci + 4);
  }

  /// Whether application layer feedback is a REMB; other applications' is skipped.
  static boolean isRemb(MemorySegment slab, long fci, int fciBytes) {
    return fciBytes >= RtcpFormat.REMB_FCI_BYTES && i32(slab, fci) == RtcpFormat.REMB;
  }
}
