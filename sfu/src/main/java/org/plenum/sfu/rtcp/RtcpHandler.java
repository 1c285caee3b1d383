package org.plenum.sfu.rtcp;

import java.lang.foreign.MemorySegment;

/// What [RtcpReader] finds in a compound packet, one call per item, in order of appearance. SSRCs
/// and RTP timestamps are 32 bits, to be
/// taken as unsigned.
public interface RtcpHandler {
  /// Asked before entries of a list are read: report blocks, SSRCs, sequence numbers; what stands
  /// alone is a list of one. What may not be read is left out.
  ///
  /// @return how many of them may be read
  default int allowed(int items) {
    return items;
  }

  /// RFC 3550 §6.4.1.
  ///
  /// @param ntp 64-bit NTP timestamp: seconds in the upper half, fraction in the lower
  void onSenderReport(int ssrc, long ntp, int rtpTimestamp, int packetCount, int octetCount);

  /// One report block of an SR or RR (RFC 3550 §6.4.1).
  ///
  /// @param fractionLost 0 to 255, in 1/256
  /// @param cumulativeLost signed 24 bits
  /// @param extendedHighestSequenceNumber 32 bits
  /// @param jitter in timestamp units
  /// @param lastSenderReport middle 32 bits of the NTP timestamp, 0 if none
  /// @param delaySinceLastSenderReport in 1/65 536 s
  void onReportBlock(
      int reporterSsrc,
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequenceNumber,
      int jitter,
      int lastSenderReport,
      int delaySinceLastSenderReport);

  /// The clock of a receiver, who wants to learn the round trip from what we answer (RFC 3611
  /// §4.4).
  ///
  /// @param ntp 64-bit NTP timestamp
  default void onReceiverReferenceTime(int ssrc, long ntp) {}

  /// RFC 3550 §6.6, one call per SSRC.
  void onBye(int ssrc);

  /// Generic NACK (RFC 4585 §6.2.1), one call per lost packet, the bit mask spread out.
  void onNack(int mediaSsrc, int sequenceNumber);

  /// RFC 4585 §6.3.1.
  void onPictureLossIndication(int mediaSsrc);

  /// RFC 5104 §4.3.1, one call per FCI entry.
  void onFullIntraRequest(int mediaSsrc, int commandSequenceNumber);

  /// draft-alvestrand-rmcat-remb-03.
  void onReceiverEstimatedMaximumBitrate(long bitrateBps);

  /// A transport-cc feedback message; the bytes from the base sequence number field on
  /// (draft-holmer-rmcat-transport-wide-cc-extensions-01
  /// §3.1), to be read at once.
  void onTransportCc(MemorySegment slab, long offset, int length);

  /// A congestion control feedback message; the bytes from the first report block to the report
  /// timestamp (RFC 8888 §3.1), to be read at once. Sent only by who was answered `ccfb`.
  default void onCongestionControlFeedback(MemorySegment slab, long offset, int length) {}
}
