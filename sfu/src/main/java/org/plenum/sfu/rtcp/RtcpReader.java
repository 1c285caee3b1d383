package org.plenum.sfu.rtcp;

import static org.plenum.sfu.rtp.NetworkOrder.i24;
import static org.plenum.sfu.rtp.NetworkOrder.i32;
import static org.plenum.sfu.rtp.NetworkOrder.i64;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// Reads a compound RTCP packet (RFC 3550 §6.1, reduced size by RFC 5506). Unknown packet types and
/// formats are skipped.
public final class RtcpReader {
  private RtcpReader() {}

  /// Walks over the packets and calls `handler`. Framing is checked for the whole compound before
  /// the first call. Returns false (and calls nothing) if a length lies.
  public static boolean read(MemorySegment slab, long offset, int length, RtcpHandler handler) {
    if (!RtcpFraming.isSound(slab, offset, length)) {
      return false;
    }
    long end = offset + length;
    for (long at = offset; at < end; at += RtcpFraming.packetBytes(slab, at)) {
      dispatch(slab, at, RtcpFraming.contentBytes(slab, at), handler);
    }
    return true;
  }

  private static void dispatch(MemorySegment slab, long at, int length, RtcpHandler handler) {
    int count = u8(slab, at) & 0x1F;
    switch (u8(slab, at + 1)) {
      case RtcpFormat.SENDER_REPORT -> senderReport(slab, at, count, handler);
      case RtcpFormat.RECEIVER_REPORT ->
          reportBlocks(slab, at, at + RtcpFormat.RECEIVER_REPORT_BYTES, count, handler);
      case RtcpFormat.BYE -> bye(slab, at, count, handler);
      case RtcpFormat.TRANSPORT_FEEDBACK -> transportFeedback(slab, at, count, length, handler);
      case RtcpFormat.PAYLOAD_FEEDBACK -> payloadFeedback(slab, at, count, length, handler);
      case RtcpFormat.EXTENDED_REPORT -> extendedReport(slab, at, length, handler);
      default -> {} // SDES, APP and what the future brings
    }
  }

  private static void senderReport(MemorySegment slab, long at, int count, RtcpHandler handler) {
    if (handler.allowed(1) == 1) {
      handler.onSenderReport(
          i32(slab, at + 4),
          i64(slab, at + 8),
          i32(slab, at + 16),
          i32(slab, at + 20),
          i32(slab, at + 24));
    }
    reportBlocks(slab, at, at + RtcpFormat.SENDER_REPORT_BYTES, count, handler);
  }

  private static void reportBlocks(
      MemorySegment slab, long at, long firstBlock, int count, RtcpHandler handler) {
    int reporterSsrc = i32(slab, at + 4);
    int allowed = handler.allowed(count);
    for (int i = 0; i < allowed; i++) {
      long block = firstBlock + (long) i * RtcpFormat.REPORT_BLOCK_BYTES;
      handler.onReportBlock(
          reporterSsrc,
          i32(slab, block),
          u8(slab, block + 4),
          i24(slab, block + 5),
          i32(slab, block + 8),
          i32(slab, block + 12),
          i32(slab, block + 16),
          i32(slab, block + 20));
    }
  }

  private static void bye(MemorySegment slab, long at, int count, RtcpHandler handler) {
    int allowed = handler.allowed(count);
    for (int i = 0; i < allowed; i++) {
      handler.onBye(i32(slab, at + RtcpFormat.HEADER_BYTES + 4L * i));
    }
  }

  /// Blocks that are not known are skipped, and what follows one whose length lies.
  private static void extendedReport(MemorySegment slab, long at, int length, RtcpHandler handler) {
    int block = RtcpFormat.EXTENDED_REPORT_BYTES;
    while (block + RtcpFormat.BLOCK_HEADER_BYTES <= length) {
      int bytes = RtcpFormat.BLOCK_HEADER_BYTES + 4 * u16(slab, at + block + 2);
      boolean isTime =
          u8(slab, at + block) == RtcpFormat.RECEIVER_REFERENCE_TIME
              && bytes == RtcpFormat.RECEIVER_REFERENCE_TIME_BYTES;
      if (bytes > length - block || handler.allowed(1) == 0) {
        return;
      }
      if (isTime) {
        handler.onReceiverReferenceTime(
            i32(slab, at + 4), i64(slab, at + block + RtcpFormat.BLOCK_HEADER_BYTES));
      }
      block += bytes;
    }
  }

  private static void transportFeedback(
      MemorySegment slab, long at, int format, int length, RtcpHandler handler) {
    long fci = at + RtcpFormat.FEEDBACK_BYTES;
    int fciBytes = length - RtcpFormat.FEEDBACK_BYTES;
    if (format == RtcpFormat.NACK) {
      int mediaSsrc = i32(slab, at + 8);
      for (int i = 0; i < fciBytes; i += RtcpFormat.NACK_ENTRY_BYTES) {
        nackEntry(mediaSsrc, u16(slab, fci + i), u16(slab, fci + i + 2), handler);
      }
    } else if (format == RtcpFormat.TRANSPORT_CC && handler.allowed(1) == 1) {
      handler.onTransportCc(slab, fci, fciBytes);
    } else if (format == RtcpFormat.CONGESTION_CONTROL && handler.allowed(1) == 1) {
      handler.onCongestionControlFeedback(
          slab,
          at + RtcpFormat.CONGESTION_CONTROL_HEADER_BYTES,
          length - RtcpFormat.CONGESTION_CONTROL_HEADER_BYTES);
    }
  }

  /// PID, and BLP whose bit i stands for PID + i + 1 (RFC 4585 §6.2.1).
  private static void nackEntry(int mediaSsrc, int pid, int blp, RtcpHandler handler) {
    int left = handler.allowed(1 + Integer.bitCount(blp)) - 1;
    if (left >= 0) {
      handler.onNack(mediaSsrc, pid);
    }
    for (int bits = blp; left > 0; bits &= bits - 1, left--) {
      int lost = pid + 1 + Integer.numberOfTrailingZeros(bits);
      handler.onNack(mediaSsrc, lost & 0xFFFF);
    }
  }

  private static void payloadFeedback(
      MemorySegment slab, long at, int format, int length, RtcpHandler handler) {
    long fci = at + RtcpFormat.FEEDBACK_BYTES;
    int fciBytes = length - RtcpFormat.FEEDBACK_BYTES;
    switch (format) {
      case RtcpFormat.PICTURE_LOSS_INDICATION -> {
        if (handler.allowed(1) == 1) {
          handler.onPictureLossIndication(i32(slab, at + 8));
        }
      }
      case RtcpFormat.FULL_INTRA_REQUEST -> {
        int allowed = handler.allowed(fciBytes / RtcpFormat.FULL_INTRA_REQUEST_ENTRY_BYTES);
        for (int i = 0; i < allowed; i++) {
          long entry = fci + (long) i * RtcpFormat.FULL_INTRA_REQUEST_ENTRY_BYTES;
          handler.onFullIntraRequest(i32(slab, entry), u8(slab, entry + 4));
        }
      }
      case RtcpFormat.APPLICATION_LAYER_FEEDBACK -> {
        if (RtcpFraming.isRemb(slab, fci, fciBytes) && handler.allowed(1) == 1) {
          handler.onReceiverEstimatedMaximumBitrate(rembBitrateBps(slab, fci));
        }
      }
      default -> {} // slice loss and the rest are not negotiated
    }
  }

  /// Six bits of exponent, 18 of mantissa; what 63 bits cannot hold becomes `Long.MAX_VALUE`.
  private static long rembBitrateBps(MemorySegment slab, long fci) {
    int packed = i32(slab, fci + 4);
    int exponent = packed >>> 18 & 0x3F;
    long mantissa = packed & 0x3FFFF;
    return exponent < Long.numberOfLeadingZeros(mantissa) ? mantissa << exponent : Long.MAX_VALUE;
  }
}
