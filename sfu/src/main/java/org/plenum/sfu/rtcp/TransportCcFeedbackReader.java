package org.plenum.sfu.rtcp;

import static org.plenum.sfu.rtp.NetworkOrder.i16;
import static org.plenum.sfu.rtp.NetworkOrder.i24;
import static org.plenum.sfu.rtp.NetworkOrder.u16;
import static org.plenum.sfu.rtp.NetworkOrder.u8;

import java.lang.foreign.MemorySegment;

/// View of a transport-cc feedback message (draft-holmer-rmcat-transport-wide-cc-extensions-01
/// §3.1), over the bytes given to [RtcpHandler#onTransportCc]. A reusable flyweight; one thread.
public final class TransportCcFeedbackReader {
  /// One call per packet the message speaks of, in the order of their numbers.
  public interface Handler {
    /// @param sequenceNumber transport-wide, unsigned 16 bits, wraps at 65 536
    /// @param deltaTicks time since the received packet before (since the reference time for the
    ///     first), in 250 µs; negative if they were reordered
    /// @param arrivalNanos arrival by the receiver's clock, whose zero is unknown: wraps every
    ///     2^24 × 64 ms (12 days)
    void onPacketReceived(int sequenceNumber, int deltaTicks, long arrivalNanos);

    /// @param sequenceNumber transport-wide, unsigned 16 bits, wraps at 65 536
    void onPacketLost(int sequenceNumber);
  }

  private static final long TICK_NANOS = 250_000;
  private static final long REFERENCE_UNIT_NANOS = 64_000_000;

  // A status symbol's value is also the number of bytes of its delta (§3.1.1).
  private static final int NOT_RECEIVED = 0;
  private static final int SMALL_DELTA = 1;
  private static final int RESERVED = 3;

  private MemorySegment slab = MemorySegment.NULL;
  private long offset;
  private int baseSequenceNumber;
  private int statusCount;
  private int referenceTime;
  private int feedbackCount;
  private int deltasOffset;

  /// Points this view at a message and proves every accessor and [#forEach] safe. Returns false if
  /// the chunks end before the status count, the deltas before what the chunks announce, a symbol
  /// is the reserved one, or no packet is spoken of.
  ///
  /// A last chunk may hold more symbols than the count leaves: the surplus is ignored.
  public boolean parse(MemorySegment slab, long offset, int length) {
    if (length < RtcpFormat.TRANSPORT_CC_FCI_BYTES) {
      return false;
    }
    this.slab = slab;
    this.offset = offset;
    baseSequenceNumber = u16(slab, offset);
    statusCount = u16(slab, offset + 2);
    referenceTime = i24(slab, offset + 4);
    feedbackCount = u8(slab, offset + 7);
    return statusCount > 0 && checkChunks(length);
  }

  private boolean checkChunks(int length) {
    int at = RtcpFormat.TRANSPORT_CC_FCI_BYTES;
    int deltaBytes = 0;
    for (int remaining = statusCount; remaining > 0; at += 2) {
      if (length - at < 2) {
        return false;
      }
      int chunk = u16(slab, offset + at);
      int symbols = Math.min(remaining, symbolCount(chunk));
      for (int i = 0; i < symbols; i++) {
        int symbol = symbol(chunk, i);
        if (symbol == RESERVED) {
          return false;
        }
        deltaBytes += symbol;
      }
      remaining -= symbols;
    }
    deltasOffset = at;
    return deltaBytes <= length - at;
  }

  /// A run length (§3.1.3), or a vector of 14 symbols of one bit or 7 of two (§3.1.4).
  private static int symbolCount(int chunk) {
    if ((chunk & 0x8000) == 0) {
      return chunk & 0x1FFF;
    }
    return (chunk & 0x4000) == 0 ? 14 : 7;
  }

  private static int symbol(int chunk, int index) {
    if ((chunk & 0x8000) == 0) {
      return chunk >> 13;
    }
    return (chunk & 0x4000) == 0 ? chunk >> 13 - index & 1 : chunk >> 12 - 2 * index & 3;
  }

  /// Transport-wide number of the first packet spoken of, unsigned 16 bits.
  public int baseSequenceNumber() {
    return baseSequenceNumber;
  }

  /// How many packets are spoken of, 1 to 65 535.
  public int statusCount() {
    return statusCount;
  }

  /// Signed 24 bits, in units of 64 ms, by the receiver's clock.
  public int referenceTime() {
    return referenceTime;
  }

  /// Counts the messages of this receiver; 0 to 255, wraps.
  public int feedbackCount() {
    return feedbackCount;
  }

  /// Calls `handler` for each of the [#statusCount] packets.
  public void forEach(Handler handler) {
    long chunkAt = offset + RtcpFormat.TRANSPORT_CC_FCI_BYTES;
    long deltaAt = offset + deltasOffset;
    long arrivalNanos = referenceTime * REFERENCE_UNIT_NANOS;
    int reported = 0;
    while (reported < statusCount) {
      int chunk = u16(slab, chunkAt);
      chunkAt += 2;
      int symbols = Math.min(statusCount - reported, symbolCount(chunk));
      for (int i = 0; i < symbols; i++) {
        int sequenceNumber = baseSequenceNumber + reported++ & 0xFFFF;
        int symbol = symbol(chunk, i);
        if (symbol == NOT_RECEIVED) {
          handler.onPacketLost(sequenceNumber);
          continue;
        }
        int deltaTicks = symbol == SMALL_DELTA ? u8(slab, deltaAt) : i16(slab, deltaAt);
        deltaAt += symbol;
        arrivalNanos += deltaTicks * TICK_NANOS;
        handler.onPacketReceived(sequenceNumber, deltaTicks, arrivalNanos);
      }
    }
  }
}
