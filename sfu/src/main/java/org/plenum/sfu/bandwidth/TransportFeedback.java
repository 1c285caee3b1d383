package org.plenum.sfu.bandwidth;

import java.lang.foreign.MemorySegment;
import org.plenum.sfu.rtcp.TransportCcFeedbackReader;
import org.plenum.sfu.rtp.SequenceNumbers;

/// Reads one viewer's transport-wide feedback
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01) into their estimator. One thread.
public final class TransportFeedback {
  private static final long REFERENCE_UNIT_NANOS = 64_000_000;

  private final TransportCcFeedbackReader reader = new TransportCcFeedbackReader();
  private final Packets packets = new Packets();
  private final SentHistory sent;
  private final BandwidthEstimator estimator;
  private final FeedbackLedger ledger;
  private boolean started;

  /// 64 ms units; unlike those on the wire these do not wrap.
  private long reference;

  private long clockOffset;

  public TransportFeedback(SentHistory sent, BandwidthEstimator estimator) {
    this.sent = sent;
    this.estimator = estimator;
    ledger = new FeedbackLedger(sent, estimator);
  }

  /// Reads a message from its base sequence number on. Returns false, and does nothing, if it is
  /// malformed.
  public boolean onMessage(MemorySegment slab, long offset, int length, long nowNanos) {
    if (!reader.parse(slab, offset, length)) {
      return false;
    }
    unwrapReference(reader.referenceTime());
    estimator.beginFeedback(nowNanos);
    long base = number(reader.baseSequenceNumber());
    if (base >= 0 && base < sent.nextNumber()) {
      ledger.startAt(base);
    }
    reader.forEach(packets);
    estimator.endFeedback();
    return true;
  }

  /// The receiver's clock wraps every 12 days; the nearest reading to the last is meant.
  private void unwrapReference(int wireReference) {
    if (!started) {
      started = true;
      reference = wireReference;
    } else {
      reference += (wireReference - (int) reference) << 8 >> 8;
    }
    clockOffset = (reference - wireReference) * REFERENCE_UNIT_NANOS;
  }

  private long number(int sequenceNumber) {
    return SequenceNumbers.unwrap(sequenceNumber, sent.nextNumber() - 1);
  }

  /// How often feedback spoke of packets that were never sent or are long forgotten.
  public long refused() {
    return ledger.refused();
  }

  private final class Packets implements TransportCcFeedbackReader.Handler {
    @Override
    public void onPacketReceived(int sequenceNumber, int deltaTicks, long arrivalNanos) {
      ledger.onReceived(number(sequenceNumber), arrivalNanos + clockOffset);
    }

    @Override
    public void onPacketLost(int sequenceNumber) {
      ledger.onLost(number(sequenceNumber));
    }
  }
}
