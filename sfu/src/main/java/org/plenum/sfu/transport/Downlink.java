package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.SfuCounter;
import org.plenum.sfu.bandwidth.BandwidthEstimator;
import org.plenum.sfu.bandwidth.Probe;
import org.plenum.sfu.bandwidth.StreamFeedback;
import org.plenum.sfu.bandwidth.TransportFeedback;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.send.SentPackets;

/// What is known of the path to one viewer: matches the viewer's feedback with what was sent, tells
/// the estimator, and turns what it says into a budget. A viewer who negotiated neither
/// transport-wide numbers nor feedback by stream (RFC 8888) and sends no REMB has no estimate:
/// nothing holds its packets back. The same goes for one who promised feedback and has sent none
/// yet. Worker's thread only.
final class Downlink {
  /// Carried by nearly any path, and enough for sound and a small picture.
  static final long START_BPS = 300_000;

  /// A call needs this much, whatever the path says.
  static final long LEAST_BPS = 40_000;

  /// What the viewer estimates holds for so long: those who do say it every second.
  static final long CEILING_NANOS = 10_000_000_000L;

  /// Nobody is shown more than this at once; a path is not probed beyond it.
  static final long MOST_BPS = 200_000_000;

  /// No limit.
  static final long UNLIMITED = Long.MAX_VALUE;

  /// After the first feedback, until the first probes have been answered.
  private static final long FIRST_LOOK_NANOS = 500_000_000L;

  /// Of what was sent in the last seconds: a queue that is full loses more.
  private static final double LITTLE_LOSS = 0.03;

  /// Where each packet waits for longer, a queue stands, and whatever exceeds the estimate makes it
  /// longer.
  private static final long LITTLE_QUEUE_NANOS = 100_000_000L;

  /// A viewer who reports what it receives (RR), but not by transport-cc within this time, has no
  /// estimate.
  private static final long FEEDBACK_EXPECTED_NANOS = 3_000_000_000L;

  /// An estimate leaves room to spare if it is this many times what is sent.
  private static final int ROOM_TO_SPARE = 2;

  private final WorkerCounters counters;
  private final BandwidthEstimator estimator;
  private final SentPackets<SendStream> sent;
  private final TransportFeedback feedback;

  /// Null unless it was negotiated, in place of the other.
  private @Nullable StreamFeedback streamFeedback;

  private boolean numbered;

  /// The viewer's own ceiling, if it said one.
  private long ceilingBps = UNLIMITED;

  /// When the viewer said so last.
  private long ceilingNanos = NanoTime.NEVER;

  /// What was decided to send, whatever the estimate says.
  private long givenBps;

  private boolean receiverEstimates;
  private boolean owesFeedback;
  private boolean sending;
  private long firstSentNanos;
  private long firstFeedbackNanos = NanoTime.NEVER;

  private long unmatched;

  Downlink(SentPackets<SendStream> sent, WorkerCounters counters, long nowNanos) {
    this.counters = counters;
    this.sent = sent;
    this.estimator = new BandwidthEstimator(START_BPS, LEAST_BPS, MOST_BPS, nowNanos);
    this.feedback = new TransportFeedback(sent, estimator);
  }

  /// The viewer reports by RFC 8888.
  ///
  /// @param numbers finds packets by stream; null: it does not
  void streamFeedback(StreamFeedback.@Nullable Numbers numbers) {
    if (numbers == null) {
      streamFeedback = null;
    } else if (streamFeedback == null) {
      streamFeedback = new StreamFeedback(sent, numbers, estimator);
      unmatched = 0;
    }
  }

  /// Whether packets carry transport-wide numbers, or are counted by stream, so that feedback is to
  /// be expected.
  void numbered(boolean negotiated) {
    numbered = negotiated;
  }

  /// Whether there is an estimate at all.
  boolean isEstimated() {
    return numbered && !owesFeedback || receiverEstimates;
  }

  /// Whether the estimate rests on more than an assumption.
  boolean isMeasured(long nowNanos) {
    return receiverEstimates
        || firstFeedbackNanos != NanoTime.NEVER && nowNanos - firstFeedbackNanos > FIRST_LOOK_NANOS;
  }

  /// What may be sent in all, bit/s; [#UNLIMITED] without an estimate.
  long targetBps() {
    return isEstimated() ? estimator.targetBps() : UNLIMITED;
  }

  /// How fast what waits may leave, bit/s; [#UNLIMITED] without an estimate. Never slower than what
  /// was decided to send.
  long pacingBps() {
    boolean isKnown = estimator.hasFeedback() || receiverEstimates;
    return isKnown && isEstimated()
        ? Math.max(estimator.pacingBps(), givenBps + givenBps / 8)
        : UNLIMITED;
  }

  /// Whether this much may be sent although the estimate is lower: a device that is short of CPU
  /// makes delays grow too, of some packets. Not where all of them wait or some are lost, nor above
  /// what the viewer itself asks for.
  boolean mayExceedEstimate(long bitrateBps) {
    return estimator.hasFeedback()
        && estimator.loss() < LITTLE_LOSS
        && estimator.queueingDelayNanos() < LITTLE_QUEUE_NANOS
        && bitrateBps <= ceilingBps;
  }

  /// What sound may be sent with, bit/s; [#UNLIMITED] without an estimate. An estimate never grows
  /// far beyond what is sent, and where that is nothing but sound says little of the path: where no
  /// queue stands, what nearly any path carries is there for it.
  long soundTargetBps() {
    long targetBps = targetBps();
    return estimator.queueingDelayNanos() < LITTLE_QUEUE_NANOS
        ? Math.max(targetBps, Math.min(START_BPS, ceilingBps))
        : targetBps;
  }

  /// What was decided to send, bit/s.
  void given(long bitrateBps) {
    givenBps = bitrateBps;
  }

  /// What the estimate leaves beside what was decided to send, bit/s; less than nothing if it is
  /// less, nothing without an estimate.
  long spareBps() {
    return isEstimated() ? estimator.targetBps() - givenBps : 0;
  }

  /// Whether the estimate is far above what was decided to send.
  boolean hasRoomToSpare() {
    return targetBps() / ROOM_TO_SPARE >= givenBps;
  }

  BandwidthEstimator estimator() {
    return estimator;
  }

  /// Packets are handed to the port.
  ///
  /// @param lengthBytes of all of them
  void onSent(int lengthBytes, long nowNanos) {
    if (numbered) {
      estimator.onSent(lengthBytes, nowNanos);
    }
    if (!sending) {
      sending = true;
      firstSentNanos = nowNanos;
    }
  }

  /// The viewer reports what it received, in an RR or SR.
  void onReport(long nowNanos) {
    if (sending && nowNanos - firstSentNanos > FEEDBACK_EXPECTED_NANOS) {
      owesFeedback = !estimator.hasFeedback();
    }
  }

  /// A transport-cc message of the viewer; one that cannot be read, or was not negotiated, is
  /// counted and ignored.
  void onTransportCc(MemorySegment slab, long offset, int length, long nowNanos) {
    boolean isPromised = numbered && streamFeedback == null;
    if (isPromised && feedback.onMessage(slab, offset, length, nowNanos)) {
      onFeedback(feedback.refused(), nowNanos);
    } else {
      counters.add(SfuCounter.FEEDBACK_IGNORED, 1);
    }
  }

  /// The same for a message of RFC 8888.
  void onStreamFeedback(MemorySegment slab, long offset, int length, long nowNanos) {
    if (streamFeedback != null && streamFeedback.onMessage(slab, offset, length, nowNanos)) {
      counters.add(SfuCounter.FEEDBACK_BY_STREAM, 1);
      onFeedback(streamFeedback.refused(), nowNanos);
    } else {
      counters.add(SfuCounter.FEEDBACK_IGNORED, 1);
    }
  }

  private void onFeedback(long refused, long nowNanos) {
    counters.add(SfuCounter.FEEDBACK_UNMATCHED, refused - unmatched);
    unmatched = refused;
    if (firstFeedbackNanos == NanoTime.NEVER && estimator.hasFeedback()) {
      firstFeedbackNanos = nowNanos;
    }
  }

  /// The viewer's own estimate (REMB): a ceiling beside transport-cc, else the estimate.
  void onReceiverEstimate(long bitrateBps, long nowNanos) {
    receiverEstimates |= !numbered;
    // Up to 2^63 can be said.
    ceilingBps = Math.clamp(bitrateBps, LEAST_BPS, MOST_BPS);
    ceilingNanos = NanoTime.at(nowNanos);
    estimator.onReceiverEstimate(ceilingBps, nowNanos);
  }

  void onRoundTrip(long nanos) {
    estimator.onRoundTrip(nanos);
  }

  /// What would be sent if the path carried anything, bit/s.
  void onDemand(long bitrateBps, long nowNanos) {
    estimator.onDemand(Math.min(bitrateBps, MOST_BPS), nowNanos);
  }

  /// The viewer is reached another way.
  void onNetworkChanged(long nowNanos) {
    estimator.onNetworkChanged(nowNanos);
  }

  void onTimeout(long nowNanos) {
    if (isEstimated()) {
      estimator.onTimeout(nowNanos);
    }
    // Where nothing else is known, what was said last still is the best that is.
    if (ceilingNanos != NanoTime.NEVER
        && estimator.hasFeedback()
        && nowNanos - ceilingNanos >= CEILING_NANOS) {
      ceilingNanos = NanoTime.NEVER;
      ceilingBps = UNLIMITED;
      estimator.onReceiverEstimate(0, nowNanos);
    }
  }

  /// Whether [#takeProbe] may have one.
  boolean hasProbe() {
    return estimator.hasProbe();
  }

  /// The next burst to be sent, into `into`; false if none is due.
  boolean takeProbe(Probe into, long nowNanos) {
    return numbered && !owesFeedback && estimator.takeProbe(into, nowNanos);
  }
}
