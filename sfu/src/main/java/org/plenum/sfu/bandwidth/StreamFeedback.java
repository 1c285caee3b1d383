package org.plenum.sfu.bandwidth;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.plenum.sfu.rtcp.CongestionControlFeedbackReader;

/// Reads one viewer's RFC 8888 feedback into their estimator: the same as [TransportFeedback] from
/// a format that names packets by stream. One thread.
public final class StreamFeedback {
  /// Where a packet of a stream is in the order of sending.
  public interface Numbers {
    /// The transport-wide number of a packet, -1 if it is not known.
    long numberOf(int ssrc, int sequenceNumber);
  }

  /// More than a second of feedback at 20 Mb/s; what goes beyond is not read.
  private static final int LARGEST = 2_048;

  private static final int INDEX_BITS = 11;

  /// The clock on the wire: seconds in 16 bits, their fraction in 16 more.
  private static final long WRAP_NANOS = (1L << 16) * 1_000_000_000L;

  private static final long LOST = Long.MIN_VALUE;

  private final CongestionControlFeedbackReader reader = new CongestionControlFeedbackReader();
  private final Packets packets = new Packets();
  private final Numbers numbers;
  private final BandwidthEstimator estimator;
  private final FeedbackLedger ledger;

  /// Number and index into [#arrivals], so that sorting keeps them together.
  private final long[] keys = new long[LARGEST];

  private final long[] arrivals = new long[LARGEST];
  private int count;

  /// Of no stream, or never sent.
  private long unknown;

  private boolean started;
  private long lastReport;
  private long clockOffset;

  public StreamFeedback(SentHistory sent, Numbers numbers, BandwidthEstimator estimator) {
    this.numbers = numbers;
    this.estimator = estimator;
    ledger = new FeedbackLedger(sent, estimator);
  }

  /// Reads a message from its first report block on. Returns false, and does nothing, if it is
  /// malformed.
  public boolean onMessage(MemorySegment slab, long offset, int length, long nowNanos) {
    if (!reader.parse(slab, offset, length)) {
      return false;
    }
    unwrapReport(reader.reportNanos());
    count = 0;
    reader.forEach(packets);
    Arrays.sort(keys, 0, count);
    estimator.beginFeedback(nowNanos);
    for (int i = 0; i < count; i++) {
      long number = keys[i] >> INDEX_BITS;
      long arrival = arrivals[(int) (keys[i] & LARGEST - 1)];
      if (arrival == LOST) {
        ledger.onLost(number);
      } else {
        ledger.onReceived(number, arrival + clockOffset);
      }
    }
    estimator.endFeedback();
    return true;
  }

  private void unwrapReport(long wireNanos) {
    if (started) {
      long delta = Math.floorMod(wireNanos - lastReport, WRAP_NANOS);
      lastReport += delta < WRAP_NANOS / 2 ? delta : delta - WRAP_NANOS;
    } else {
      started = true;
      lastReport = wireNanos;
    }
    clockOffset = lastReport - wireNanos;
  }

  /// How often feedback spoke of packets that were never sent or are long forgotten.
  public long refused() {
    return unknown + ledger.refused();
  }

  private final class Packets implements CongestionControlFeedbackReader.Handler {
    @Override
    public void onPacketReceived(int ssrc, int sequenceNumber, int ecn, long arrivalNanos) {
      put(ssrc, sequenceNumber, arrivalNanos);
    }

    @Override
    public void onPacketLost(int ssrc, int sequenceNumber) {
      put(ssrc, sequenceNumber, LOST);
    }

    private void put(int ssrc, int sequenceNumber, long arrivalNanos) {
      long number = numbers.numberOf(ssrc, sequenceNumber);
      if (number < 0) {
        unknown++;
      } else if (count < LARGEST) {
        keys[count] = number << INDEX_BITS | count;
        arrivals[count++] = arrivalNanos;
      }
    }
  }
}
