package org.plenum.sfu.receive;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.rtp.NtpTime;
import org.plenum.sfu.rtp.SequenceNumbers;

/// Order, duplicates, loss and jitter of one received SSRC (RFC 3550 §6.4.1, §A.1, §A.3, §A.8), and
/// its time line. No clock, no allocation after construction; one thread.
public final class ReceiveStream {
  /// Packets behind the highest that are told from duplicates; older ones count as duplicates.
  public static final int WINDOW = 1024;

  /// [#onPacket]: the packet was there before, or is too old to tell.
  public static final long DUPLICATE = Long.MIN_VALUE;

  private static final long CYCLE = 65_536;
  private static final long NO_NUMBER = Long.MIN_VALUE;

  private final int ssrc;
  private final int clockRate;
  private final long[] seen = new long[WINDOW / 64];
  private final TimestampLine line;

  /// Which of those were taken from what a later packet repeats, and have not come themselves; null
  /// until one was.
  private long @Nullable [] repeated;

  private boolean started;
  private long startNanos;
  private long base;
  private long highest;

  /// What would follow a packet from far behind: if it comes next, the publisher began anew.
  private long restart = NO_NUMBER;

  private long received;

  /// Of these, those that came by RTX: to the publisher's reports they are lost (RFC 4588: another
  /// stream), however well that was mended.
  private long repaired;

  private long firstHandAtLastReport;
  private long expectedAtLastReport;
  private int transitUnits; // modulo 2^32
  private long jitterSixteenths;
  private long senderReportNtp;
  private long senderReportNanos;
  private boolean senderReportSeen;
  private int senderReportRtpTimestamp;

  /// @param clockRate timestamp units per second
  public ReceiveStream(int ssrc, int clockRate) {
    this.ssrc = ssrc;
    this.clockRate = clockRate;
    this.line = new TimestampLine(clockRate);
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
      // One cycle up, so that a packet from before the first one has a positive number.
      line.begin(timestamp, nowNanos);
      begin(CYCLE + sequenceNumber, timestamp, nowNanos);
      return base;
    }
    long unwrapped = SequenceNumbers.unwrap(sequenceNumber, highest);
    if (unwrapped > highest) {
      advance(unwrapped);
      line.onNext(unwrapped, timestamp, nowNanos);
    } else if (highest - unwrapped >= WINDOW) {
      return isRetransmission ? DUPLICATE : onFarBehind(unwrapped, timestamp, nowNanos);
    } else if (isMarked(unwrapped)) {
      // A number that was there before, with a time that cannot be the same packet's.
      boolean isOther = !isRetransmission && line.isFar(timestamp);
      if (isOther) {
        return onFarBehind(unwrapped, timestamp, nowNanos);
      }
      onLate(unwrapped);
      return DUPLICATE;
    }
    restart = NO_NUMBER;
    mark(unwrapped);
    received++;
    repaired += isRetransmission ? 1 : 0;
    base = Math.min(base, unwrapped);
    if (!isRetransmission) {
      updateJitter(line.of(unwrapped, timestamp), nowNanos);
    }
    return unwrapped;
  }

  /// Notes a packet that another worker received: its number is unwrapped and its timestamp on the
  /// stream's time line already.
  ///
  /// @param isFirst whether packets before it were left out on purpose: they are not lost
  /// @return false if it was there before, or is too old to tell
  public boolean onRelayed(long number, int timestamp, long nowNanos, boolean isFirst) {
    if (!started) {
      begin(number, timestamp, nowNanos);
      return true;
    }
    if (number > highest) {
      base += isFirst ? number - highest - 1 : 0;
      advance(number);
    } else if (highest - number >= WINDOW || isMarked(number)) {
      return false;
    }
    mark(number);
    received++;
    base = Math.min(base, number);
    updateJitter(timestamp, nowNanos);
    return true;
  }

  /// Notes a sender report that another worker received.
  ///
  /// @param rtpTimestamp on the stream's time line
  /// @param arrivalNanos when it arrived there, by the same monotonic clock
  public void onRelayedReport(long ntp, int rtpTimestamp, long arrivalNanos) {
    senderReportNtp = ntp;
    senderReportRtpTimestamp = rtpTimestamp;
    senderReportNanos = arrivalNanos;
    senderReportSeen = true;
  }

  /// Takes a packet's place for what a later one repeats of it (RFC 2198). To the statistics it
  /// stays lost unless it comes after all.
  ///
  /// @param number unwrapped
  /// @return false if it is there, or older than what can be told
  public boolean onRepeated(long number) {
    if (!started || number >= highest || highest - number >= WINDOW || isMarked(number)) {
      return false;
    }
    if (repeated == null) {
      repeated = new long[seen.length];
    }
    mark(number);
    repeated[word(number)] |= bit(number);
    return true;
  }

  private void onLate(long number) {
    if (repeated != null && (repeated[word(number)] & bit(number)) != 0) {
      repeated[word(number)] &= ~bit(number);
      received++;
    }
  }

  /// One packet from far behind is late or a replay; two in sequence are a publisher that began
  /// anew (RFC 3550 §A.1). Its numbers go on in the next cycle, so that ours never go back.
  private long onFarBehind(long unwrapped, int timestamp, long nowNanos) {
    if (unwrapped != restart) {
      restart = unwrapped + 1;
      return DUPLICATE;
    }
    restart = NO_NUMBER;
    Arrays.fill(seen, 0);
    repeated = null;
    long first = unwrapped + CYCLE;
    line.onNext(first, timestamp, nowNanos);
    begin(first, line.of(first, timestamp), nowNanos);
    return highest;
  }

  /// Starts the statistics with this packet (RFC 3550 §A.1, init_seq).
  private void begin(long first, int timestamp, long nowNanos) {
    started = true;
    startNanos = nowNanos;
    base = first;
    highest = first;
    mark(first);
    received = 1;
    repaired = 0;
    firstHandAtLastReport = 0;
    expectedAtLastReport = 0;
    transitUnits = transit(timestamp, nowNanos);
  }

  /// The highest sequence number that arrived, unwrapped.
  public long highestSequenceNumber() {
    return highest;
  }

  /// The timestamp of a packet on the stream's time line: what it says, but for the jumps of its
  /// publisher's clock.
  ///
  /// @param number what [#onPacket] returned for it
  public int timestamp(long number, int timestamp) {
    return line.of(number, timestamp);
  }

  /// Whether a packet has arrived: before, a retransmission has no place to go.
  public boolean isStarted() {
    return started;
  }

  /// Notes a sender report of this SSRC.
  public void onSenderReport(long ntp, int rtpTimestamp, long nowNanos) {
    senderReportNtp = ntp;
    senderReportRtpTimestamp = started ? line.ofReport(rtpTimestamp, nowNanos) : rtpTimestamp;
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

  /// RTP timestamp of that report, on the stream's time line.
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

  /// Packets that have not arrived, not even by RTX.
  public long missing() {
    return Math.max(0, expected() - received);
  }

  private long firstHand() {
    return received - repaired;
  }

  /// Share of packets lost since the last call, in 1/256 (RFC 3550 §A.3), repaired or not; starts a
  /// new interval.
  public int takeFractionLost() {
    long expectedNow = expected();
    long expectedInterval = expectedNow - expectedAtLastReport;
    long lostInterval = expectedInterval - (firstHand() - firstHandAtLastReport);
    expectedAtLastReport = expectedNow;
    firstHandAtLastReport = firstHand();
    if (expectedInterval <= 0 || lostInterval <= 0) {
      return 0;
    }
    return (int) Math.min(255, (lostInterval << 8) / expectedInterval);
  }

  /// Packets lost so far, repaired or not, clamped to 24 signed bits.
  public int cumulativeLost() {
    return Math.clamp(expected() - firstHand(), -0x80_0000, 0x7F_FFFF);
  }

  /// Cycles and highest sequence number (RFC 3550 §6.4.1), counted from cycle 0.
  public int extendedHighestSequenceNumber() {
    return started ? (int) (highest - CYCLE) : 0;
  }

  /// Interarrival jitter as a time.
  public long jitterNanos() {
    return jitter() * 1_000_000_000L / clockRate;
  }

  /// Interarrival jitter in timestamp units.
  public int jitter() {
    return (int) (jitterSixteenths >> 4);
  }

  /// Middle 32 bits of the latest sender report's NTP timestamp, 0 if there was none.
  public int lastSenderReport() {
    return senderReportSeen ? NtpTime.middle32(senderReportNtp) : 0;
  }

  /// Time since that report in 1/65 536 s, 0 if there was none.
  public int delaySinceLastSenderReport(long nowNanos) {
    return senderReportSeen ? NtpTime.shortFromNanos(nowNanos - senderReportNanos) : 0;
  }

  private int transit(int timestamp, long nowNanos) {
    // Since the start: the product with a clock's own large values would overflow.
    long arrivalUnits = (nowNanos - startNanos) / 1000 * clockRate / 1_000_000;
    return (int) arrivalUnits - timestamp;
  }

  private void updateJitter(int timestamp, long nowNanos) {
    int transit = transit(timestamp, nowNanos);
    int difference = transit - transitUnits;
    transitUnits = transit;
    jitterSixteenths += Math.abs((long) difference) - ((jitterSixteenths + 8) >> 4);
  }

  private void advance(long to) {
    if (to - highest >= WINDOW) {
      Arrays.fill(seen, 0);
      repeated = null;
    } else {
      for (long number = highest + 1; number < to; number++) {
        seen[word(number)] &= ~bit(number);
      }
      forgetRepeated(to);
    }
    highest = to;
  }

  private void forgetRepeated(long to) {
    if (repeated != null) {
      for (long number = highest + 1; number <= to; number++) {
        repeated[word(number)] &= ~bit(number);
      }
    }
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
