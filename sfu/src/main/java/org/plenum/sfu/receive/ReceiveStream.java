package org.plenum.sfu.receive;

import java.util.Arrays;
import org.plenum.sfu.rtp.SequenceNumbers;

/// Order, duplicates, loss and jitter of one received SSRC (RFC 3550 §6.4.1, §A.1, §A.3, §A.8). No
/// clock, no
/// allocation after construction; one thread.
public final class ReceiveStream {
  /// Packets behind the highest that are told from duplicates; older ones count as duplicates.
  public static final int WINDOW = 1024;

  /// [#onPacket]: the packet was there before, or is too old to tell.
  public static final long DUPLICATE = Long.MIN_VALUE;

  private final int ssrc;
  private final int clockRate;
  private final long[] seen = new long[WINDOW / 64];

  private boolean started;
  private long base;
  private long highest;
  private long received;
  private long receivedAtLastReport;
  private long expectedAtLastReport;
  private long transitUnits;
  private long jitterSixteenths;
  private long senderReportNtp;
  private long senderReportNanos;
  private boolean senderReportSeen;
  private int senderReportRtpTimestamp;

  /// @param clockRate timestamp units per second
  public ReceiveStream(int ssrc, int clockRate) {
    this.ssrc = ssrc;
    this.clockRate = clockRate;
  }

  public int ssrc() {
    return ssrc;
  }

  /// Notes an authenticated packet.
  ///
  /// @param isRetransmission came by RTX: says nothing about jitter
  /// @return its sequence number unwrapped to 64 bits, or [#DUPLICATE]
  public long onPacket(int sequenceNumber, int timestamp, long nowNanos, boolean isRetransmission) {
    if (!started) {
      started = true;
      // One cycle up, so that a packet from before the first one has a positive number.
      base = 65_536L + sequenceNumber;
      highest = base;
      mark(base);
      received = 1;
      transitUnits = transit(timestamp, nowNanos);
      return base;
    }
    long unwrapped = SequenceNumbers.unwrap(sequenceNumber, highest);
    if (unwrapped > highest) {
      advance(unwrapped);
    } else if (highest - unwrapped >= WINDOW || isMarked(unwrapped)) {
      return DUPLICATE;
    }
    mark(unwrapped);
    received++;
    base = Math.min(base, unwrapped);
    if (!isRetransmission) {
      updateJitter(timestamp, nowNanos);
    }
    return unwrapped;
  }

  /// Whether a packet has arrived: before, a retransmission has no place to go.
  public boolean isStarted() {
    return started;
  }

  /// Notes a sender report of this SSRC.
  public void onSenderReport(long ntp, int rtpTimestamp, long nowNanos) {
    senderReportNtp = ntp;
    senderReportRtpTimestamp = rtpTimestamp;
    senderReportNanos = nowNanos;
    senderReportSeen = true;
  }

  public boolean hasSenderReport() {
    return senderReportSeen;
  }

  /// NTP timestamp of the latest sender report, by the publisher's clock.
  public long senderReportNtp() {
    return senderReportNtp;
  }

  public int senderReportRtpTimestamp() {
    return senderReportRtpTimestamp;
  }

  /// Monotonic arrival time of the latest sender report.
  public long senderReportNanos() {
    return senderReportNanos;
  }

  /// Packets expected so far, by the sequence numbers.
  public long expected() {
    return started ? highest - base + 1 : 0;
  }

  /// Packets that arrived, each counted once.
  public long received() {
    return received;
  }

  /// Share of packets lost since the last call, in 1/256 (RFC 3550 §A.3); starts a new interval.
  public int takeFractionLost() {
    long expectedNow = expected();
    long expectedInterval = expectedNow - expectedAtLastReport;
    long lostInterval = expectedInterval - (received - receivedAtLastReport);
    expectedAtLastReport = expectedNow;
    receivedAtLastReport = received;
    if (expectedInterval <= 0 || lostInterval <= 0) {
      return 0;
    }
    return (int) Math.min(255, (lostInterval << 8) / expectedInterval);
  }

  /// Packets lost so far, clamped to 24 signed bits.
  public int cumulativeLost() {
    return Math.clamp(expected() - received, -0x80_0000, 0x7F_FFFF);
  }

  /// Cycles and highest sequence number (RFC 3550 §6.4.1), counted from cycle 0.
  public int extendedHighestSequenceNumber() {
    return (int) (highest - 65_536L);
  }

  /// Interarrival jitter in timestamp units.
  public int jitter() {
    return (int) (jitterSixteenths >> 4);
  }

  /// Middle 32 bits of the latest sender report's NTP timestamp, 0 if there was none.
  public int lastSenderReport() {
    return senderReportSeen ? (int) (senderReportNtp >>> 16) : 0;
  }

  /// Time since that report in 1/65 536 s, 0 if there was none.
  public int delaySinceLastSenderReport(long nowNanos) {
    if (!senderReportSeen) {
      return 0;
    }
    return (int) Math.min(0xFFFF_FFFFL, (nowNanos - senderReportNanos) * 65_536 / 1_000_000_000L);
  }

  private long transit(int timestamp, long nowNanos) {
    long arrivalUnits = nowNanos / 1000 * clockRate / 1_000_000;
    return (int) arrivalUnits - timestamp;
  }

  private void updateJitter(int timestamp, long nowNanos) {
    long transit = transit(timestamp, nowNanos);
    int difference = (int) (transit - transitUnits);
    transitUnits = transit;
    jitterSixteenths += Math.abs(difference) - ((jitterSixteenths + 8) >> 4);
  }

  private void advance(long to) {
    if (to - highest >= WINDOW) {
      Arrays.fill(seen, 0);
    } else {
      for (long number = highest + 1; number < to; number++) {
        seen[word(number)] &= ~bit(number);
      }
    }
    highest = to;
  }

  private void mark(long number) {
    seen[word(number)] |= bit(number);
  }

  private boolean isMarked(long number) {
    return (seen[word(number)] & bit(number)) != 0;
  }

  private static int word(long number) {
    return (int) (number & (WINDOW - 1)) >>> 6;
  }

  private static long bit(long number) {
    return 1L << (number & 63);
  }
}
