package org.plenum.sfu.rtcp;

import static org.plenum.sfu.rtp.NetworkOrder.i32;
import static org.plenum.sfu.rtp.NetworkOrder.u16;

import java.lang.foreign.MemorySegment;

/// View of a congestion control feedback message (RFC 8888 §3.1), over the bytes from its first
/// report block to its report timestamp. A reusable flyweight; one thread.
public final class CongestionControlFeedbackReader {
  /// One call per packet the message speaks of, stream by stream, in the order of their numbers.
  public interface Handler {
    /// @param ecn the two bits of the IP header, 0 to 3
    /// @param arrivalNanos by the receiver's clock, whose zero is unknown: wraps as
    ///     [#reportNanos] does, and may be below 0 for packets from before the wrap
    void onPacketReceived(int ssrc, int sequenceNumber, int ecn, long arrivalNanos);

    void onPacketLost(int ssrc, int sequenceNumber);
  }

  private static final int BLOCK_HEADER_BYTES = 8;
  private static final int TIMESTAMP_BYTES = 4;

  /// "A report block MUST NOT include more than 16384 packet metric blocks."
  private static final int MOST_REPORTS = 16_384;

  private static final int RECEIVED_BIT = 0x8000;

  /// From here on: not known, or too long ago to say.
  private static final int UNAVAILABLE = 0x1FFE;

  private MemorySegment slab = MemorySegment.NULL;
  private long offset;
  private long end;

  /// Points this view at a message and proves every accessor and [#forEach] safe. Returns false if
  /// a report block announces more than the message holds or than is allowed, or if there is none.
  public boolean parse(MemorySegment slab, long offset, int length) {
    int blocks = length - TIMESTAMP_BYTES;
    int at = 0;
    while (blocks - at >= BLOCK_HEADER_BYTES) {
      int reports = u16(slab, offset + at + 6);
      if (reports > MOST_REPORTS) {
        return false;
      }
      at += blockBytes(reports);
    }
    if (at == 0 || at != blocks) {
      return false;
    }
    this.slab = slab;
    this.offset = offset;
    end = offset + blocks;
    return true;
  }

  /// Metric blocks have 16 bits each and are padded to a multiple of 32.
  private static int blockBytes(int reports) {
    return BLOCK_HEADER_BYTES + (reports + 1) / 2 * 4;
  }

  /// When the message was made, by the receiver's clock: wraps every 65 536 s.
  public long reportNanos() {
    return (i32(slab, end) & 0xFFFF_FFFFL) * 1_000_000_000L >> 16;
  }

  /// Calls `handler` for each packet. One whose arrival is not known is passed over: it neither was
  /// lost nor says anything of the path.
  public void forEach(Handler handler) {
    long reported = reportNanos();
    long at = offset;
    while (at < end) {
      int ssrc = i32(slab, at);
      int first = u16(slab, at + 4);
      int reports = u16(slab, at + 6);
      for (int i = 0; i < reports; i++) {
        int metric = u16(slab, at + BLOCK_HEADER_BYTES + 2L * i);
        report(handler, ssrc, first + i & 0xFFFF, metric, reported);
      }
      at += blockBytes(reports);
    }
  }

  /// R, ECN in two bits, and how long before the report the packet came, in 1/1024 s.
  private static void report(
      Handler handler, int ssrc, int sequenceNumber, int metric, long reported) {
    int ago = metric & 0x1FFF;
    if ((metric & RECEIVED_BIT) == 0) {
      handler.onPacketLost(ssrc, sequenceNumber);
    } else if (ago < UNAVAILABLE) {
      long arrival = reported - (ago * 1_000_000_000L >> 10);
      handler.onPacketReceived(ssrc, sequenceNumber, metric >> 13 & 3, arrival);
    }
  }
}
