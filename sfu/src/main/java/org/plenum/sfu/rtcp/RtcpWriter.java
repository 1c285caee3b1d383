package org.plenum.sfu.rtcp;

import java.lang.foreign.MemorySegment;

/// Builds a compound RTCP packet in a slab: [#begin], packets in order, [#length]. Reusable; one
/// thread. Writing past the limit is refused (false), never partial.
public final class RtcpWriter {
  /// Starts a compound at `offset` that may take up to `limitBytes`.
  public void begin(MemorySegment slab, long offset, int limitBytes) {
    throw new UnsupportedOperationException();
  }

  /// Starts an SR (RFC 3550 §6.4.1); report blocks may follow.
  public boolean senderReport(
      int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount) {
    throw new UnsupportedOperationException();
  }

  /// Starts an RR; report blocks may follow.
  public boolean receiverReport(int ssrc) {
    throw new UnsupportedOperationException();
  }

  /// Adds a block to the SR or RR just started (at most 31).
  public boolean reportBlock(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequenceNumber,
      int jitter,
      int lastSenderReport,
      int delaySinceLastSenderReport) {
    throw new UnsupportedOperationException();
  }

  /// SDES with one CNAME chunk (RFC 3550 §6.5.1); `cname` 1 to 255 ASCII bytes.
  public boolean sdes(int ssrc, byte[] cname) {
    throw new UnsupportedOperationException();
  }

  /// Generic NACK for `count` sequence numbers in ascending (wrapping) order, packed into PID +
  /// BLP.
  public boolean nack(int senderSsrc, int mediaSsrc, int[] sequenceNumbers, int count) {
    throw new UnsupportedOperationException();
  }

  public boolean pictureLossIndication(int senderSsrc, int mediaSsrc) {
    throw new UnsupportedOperationException();
  }

  public boolean fullIntraRequest(int senderSsrc, int mediaSsrc, int commandSequenceNumber) {
    throw new UnsupportedOperationException();
  }

  /// BYE for one SSRC.
  public boolean bye(int ssrc) {
    throw new UnsupportedOperationException();
  }

  /// Transport-cc feedback whose FCI (base sequence number on) is `fci`, padded to 32 bits by this
  /// method.
  public boolean transportCc(int senderSsrc, int mediaSsrc, byte[] fci, int fciLength) {
    throw new UnsupportedOperationException();
  }

  /// Bytes written since [#begin].
  public int length() {
    throw new UnsupportedOperationException();
  }
}
