package org.plenum.sfu.bandwidth;

import org.plenum.ice.NanoTime;

/// Estimates what one viewer's downlink carries, from what was sent and what their feedback says of
/// it. One thread; no clock, no I/O; allocates nothing after construction.
///
/// Per packet: [#onSent]. Per feedback message: [#beginFeedback], then for each packet it speaks
/// of, in the order of transport-wide numbers, [#onReceived] or [#onLost], then [#endFeedback].
/// After that [#targetBps] and [#pacingBps] may have changed, and [#takeProbe] may have something.
public final class BandwidthEstimator {
  /// Without feedback for two round trips (and at least this), what the delays said is too old.
  private static final long STALE_NANOS = 500_000_000;

  /// Without feedback for this much longer, the path may be gone: the rate is lowered step by
  /// step.
  private static final long OUTAGE_NANOS = 1_000_000_000;

  private static final double OUTAGE_STEP = 0.8;

  /// After a silence this long the delays from before do not count any more.
  private static final long STREAM_TIMEOUT_NANOS = 2_000_000_000L;

  /// After a silence this long the path counts as another one.
  private static final long LONG_SILENCE_NANOS = 10_000_000_000L;

  private static final double KEPT_ON_NEW_PATH = 0.5;
  private static final double UNKNOWN_RATE_BACKOFF = 0.5;
  private static final double PROBE_FLOOR = 0.85;
  private static final long RECENTLY_LIMITED_NANOS = 3_000_000_000L;

  /// With more queued than this nobody adds a probe, and a running one ends.
  private static final long PROBE_QUEUE_NANOS = 50_000_000;

  /// With less queued than this the path is not overused, whatever the trend says.
  private static final long EMPTY_QUEUE_NANOS = 10_000_000;

  private static final double PACING_FACTOR = 2.5;
  private static final double PACING_FACTOR_QUEUED = 1.1;

  /// Where the bottleneck is known, a burst that leaves faster than it passes on only waits there,
  /// with the sound behind it.
  private static final double PACING_FACTOR_KNOWN = 1.25;

  private static final long LARGEST_ROUND_TRIP_NANOS = 10_000_000_000L;
  private static final int LARGEST_PACKET = 65_535;

  private final double startBps;
  private final double minBps;
  private final double maxBps;
  private final PacketGroups groups = new PacketGroups();
  private final Trendline trendline = new Trendline();
  private final AcknowledgedRate acknowledged = new AcknowledgedRate();
  private final RateControl rateControl;
  private final LossControl lossControl;
  private final ApplicationLimit applicationLimit = new ApplicationLimit();
  private final ProbeController probes;
  private final ProbeMeter probeMeter = new ProbeMeter();
  private final QueueingDelay queueingDelay = new QueueingDelay();
  private final BusyRate busyRate = new BusyRate();

  /// The same within one feedback, for a link that became narrower just before it.
  private final BusyRate fillingRate = new BusyRate();

  private final Competition competition = new Competition();
  private final RepairDelay repairDelay = new RepairDelay();
  private final QueueDrain drain = new QueueDrain();

  private double receiverCeilingBps = Double.POSITIVE_INFINITY;
  private double targetBps;
  private long roundTripNanos = 100_000_000;
  private boolean roundTripKnown;
  private boolean sentBefore;
  private long lastSentNanos;
  private boolean hadFeedback;
  private long lastFeedbackNanos;
  private boolean awaiting;
  private long awaitingSince;
  private long outageSteps;
  private long unreportedBytes;
  private long feedbackNanos;
  private boolean received;
  private boolean lost;
  private long newestSend;
  private long newestArrival;
  private boolean queueDrained;

  /// @param startBps what is assumed until the path has been measured
  /// @param minBps the estimate is never lower, whatever the path does
  /// @param maxBps the estimate is never higher, and nothing higher is probed for
  public BandwidthEstimator(long startBps, long minBps, long maxBps, long nowNanos) {
    if (minBps <= 0 || startBps < minBps || maxBps < startBps) {
      throw new IllegalArgumentException(
          "expected 0 < minBps <= startBps <= maxBps, got "
              + minBps
              + ", "
              + startBps
              + ", "
              + maxBps);
    }
    this.startBps = startBps;
    this.minBps = minBps;
    this.maxBps = maxBps;
    rateControl = new RateControl(startBps, minBps, maxBps);
    lossControl = new LossControl(minBps);
    probes = new ProbeController(startBps, maxBps);
    targetBps = startBps;
    lastFeedbackNanos = nowNanos;
    applicationLimit.setEstimate(startBps);
  }

  /// Packets were handed to the network, media or not: all of those that have left since the call
  /// before, or some of them.
  public void onSent(int bytes, long nowNanos) {
    if (sentBefore && nowNanos - lastSentNanos > LONG_SILENCE_NANOS) {
      onNetworkChanged(nowNanos);
    }
    sentBefore = true;
    lastSentNanos = nowNanos;
    if (!awaiting) {
      awaiting = true;
      awaitingSince = nowNanos;
      outageSteps = 0;
    }
    if (!probes.isStarted()) {
      probes.start(nowNanos);
    }
    applicationLimit.onSent(bytes, nowNanos);
  }

  /// A feedback message came.
  public void beginFeedback(long nowNanos) {
    if (hadFeedback && nowNanos - lastFeedbackNanos > STREAM_TIMEOUT_NANOS) {
      groups.reset();
      trendline.reset();
      acknowledged.expectChange();
    }
    if (awaiting && nowNanos - awaitingSince > patience()) {
      trendline.expire();
    }
    feedbackNanos = nowNanos;
    received = false;
    lost = false;
    queueDrained = false;
    fillingRate.reset();
  }

  /// @param sendNanos when it was sent, our clock
  /// @param arrivalNanos when it came in, by the receiver's clock
  /// @param probe whose burst it was part of, [Probe#NONE] if none
  public void onReceived(long sendNanos, long arrivalNanos, int bytes, int probe) {
    if (isAbsurd(sendNanos, bytes)) {
      return;
    }
    if (!received || arrivalNanos - newestArrival > 0) {
      newestArrival = arrivalNanos;
      newestSend = sendNanos;
    }
    received = true;
    acknowledged.add(arrivalNanos, (int) Math.min(bytes + unreportedBytes, 1 << 20));
    unreportedBytes = 0;
    lossControl.observations().onReceived(sendNanos, bytes);
    long queueNanos = queueingDelay.onReceived(sendNanos, arrivalNanos, feedbackNanos);
    competition.onReceived(sendNanos, bytes);
    busyRate.add(arrivalNanos, bytes, queueNanos);
    fillingRate.add(arrivalNanos, bytes, queueNanos);
    probeMeter.onReceived(probe, sendNanos, arrivalNanos, bytes);
    if (groups.add(sendNanos, arrivalNanos, feedbackNanos)) {
      Usage before = trendline.usage();
      trendline.update(groups.sendDeltaMillis(), groups.arrivalDeltaMillis());
      queueDrained |= before == Usage.UNDERUSING && trendline.usage() == Usage.NORMAL;
    }
  }

  public void onLost(long sendNanos, int bytes) {
    if (!isAbsurd(sendNanos, bytes)) {
      lost = true;
      lossControl.observations().onLost(sendNanos, bytes);
    }
  }

  /// A packet that was reported lost is about to be reported received.
  public void onLossRevoked(int bytes) {
    lossControl.observations().onLossRevoked(bytes);
  }

  /// A packet's fate will never be known, because the feedback about it was lost.
  public void onUnreported(int bytes) {
    unreportedBytes += bytes;
  }

  private boolean isAbsurd(long sendNanos, int bytes) {
    return sendNanos - feedbackNanos > 0 || bytes <= 0 || bytes > LARGEST_PACKET;
  }

  /// The feedback message is over: draws the conclusions.
  public void endFeedback() {
    long nowNanos = feedbackNanos;
    if (received) {
      hadFeedback = true;
      lastFeedbackNanos = nowNanos;
      awaiting = false;
      updateRoundTrip(nowNanos);
      queueingDelay.update(nowNanos);
      onFinding(competition.update(queueingDelay.nanos(), arrivingBps(), nowNanos), nowNanos);
      queueingDelay.hold(competition.isCompeting());
      repairDelay.update(competition.isCompeting(), queueingDelay.nanos(), nowNanos);
      drain.update(queueingDelay.nanos(), nowNanos);
      updateRate(nowNanos);
    }
    lossControl.update(
        acknowledged.bps(),
        rateControl.bps(),
        applicationLimit.isLimited(),
        queueingDelay.nanos(),
        nowNanos);
    conclude(nowNanos);
    if (queueDrained) {
      probes.onQueueDrained(
          applicationLimit.wasLimitedWithin(RECENTLY_LIMITED_NANOS, nowNanos), nowNanos);
    }
  }

  /// From the packet that came in last: it waited least for the feedback.
  private void updateRoundTrip(long nowNanos) {
    if (!roundTripKnown) {
      smoothRoundTrip(nowNanos - newestSend);
    }
  }

  private void onFinding(Competition.Finding finding, long nowNanos) {
    switch (finding) {
      case NOTHING -> {}
      case LONGER_PATH -> queueingDelay.rebase();
      case OWN_QUEUE -> {
        rateControl.set(Math.min(rateControl.bps(), arrivingBps()), nowNanos);
        drain.onReduced(arrivingBps(), queueingDelay.nanos(), nowNanos);
      }
    }
  }

  /// What the bottleneck passes on of ours while a queue stands before it.
  private double arrivingBps() {
    return busyRate.bps() > 0 ? busyRate.bps() : acknowledged.bps();
  }

  private void updateRate(long nowNanos) {
    double probeBps = probeResult();
    if (competition.isCompeting()) {
      rateControl.onCompetition(
          lost, acknowledged.bps(), roundTripNanos + queueingDelay.nanos(), nowNanos);
      return;
    }
    Usage usage = trendline.usage();
    if (usage == Usage.OVERUSING && queueingDelay.nanos() < EMPTY_QUEUE_NANOS) {
      usage = Usage.NORMAL; // what grew (behind a burst of our own, say) has drained already
    }
    if (usage == Usage.OVERUSING
        || queueingDelay.isFilling()
        || queueingDelay.isStanding(nowNanos)) {
      reduce(nowNanos);
      queueingDelay.onReduced(nowNanos);
    } else if (probeBps > 0) {
      rateControl.set(probeBps, nowNanos);
      lossControl.onProbe(probeBps);
    } else if (acknowledged.isKnown() && !queueingDelay.isLong()) {
      rateControl.onNoOveruse(usage, acknowledged.bps(), nowNanos);
    }
  }

  private double probeResult() {
    double result = probeMeter.resultBps();
    if (result == 0) {
      return 0;
    }
    probeMeter.clearResult();
    double current = rateControl.bps();
    if (probeMeter.isSaturated()
        && !applicationLimit.wasLimitedWithin(RECENTLY_LIMITED_NANOS, feedbackNanos)
        && result > current) {
      return (current + result) / 2; // part of it may belong to others on the same link
    }
    if (acknowledged.isKnown()) {
      return Math.max(result, Math.min(current, PROBE_FLOOR * acknowledged.bps()));
    }
    return result;
  }

  private void reduce(long nowNanos) {
    double arriving = bottleneckBps();
    if (arriving == 0) {
      if (rateControl.mayReduce(rateControl.bps(), nowNanos)) {
        rateControl.set(UNKNOWN_RATE_BACKOFF * rateControl.bps(), nowNanos);
      }
      return;
    }
    if (rateControl.mayReduce(arriving, nowNanos) && rateControl.onOveruse(arriving, nowNanos)) {
      drain.onReduced(arriving, queueingDelay.nanos(), nowNanos);
    }
  }

  /// What the bottleneck passes on while a queue grows before it; 0 if unknown.
  private double bottleneckBps() {
    double filling = queueingDelay.isFilling() ? fillingRate.bps() : 0;
    double busy = filling > 0 ? filling : busyRate.bps();
    return busy > 0 ? busy : Math.min(acknowledged.bps(), acknowledged.recentBps());
  }

  private void conclude(long nowNanos) {
    // Among others that fill the queue, losses are theirs as well: the rate goes by them already.
    double estimate =
        competition.isCompeting() ? rateControl.bps() : lossControl.bound(rateControl.bps());
    double bounded = drain.bound(estimate, queueingDelay.nanos());
    bounded = competition.bound(bounded, nowNanos);
    targetBps = Math.clamp(Math.min(bounded, receiverCeilingBps), minBps, maxBps);
    applicationLimit.setEstimate(estimate);
    probes.onEstimate(
        Math.min(estimate, receiverCeilingBps), limit(), applicationLimit.isLimited(), nowNanos);
    probes.onTimeout(nowNanos);
  }

  private ProbeController.Limit limit() {
    if (competition.isCompeting()
        || trendline.usage() == Usage.OVERUSING
        || drain.isDraining()
        || queueingDelay.nanos() > PROBE_QUEUE_NANOS
        || lossControl.state() == LossControl.State.DECREASING
        || receiverCeilingBps < rateControl.bps() && hadFeedback) {
      return ProbeController.Limit.CONGESTION;
    }
    return lossControl.state() == LossControl.State.INCREASING
        ? ProbeController.Limit.LOSS_RECOVERING
        : ProbeController.Limit.NONE;
  }

  /// A measured round trip, from a sender report and its answer.
  public void onRoundTrip(long nanos) {
    if (nanos > 0 && nanos < LARGEST_ROUND_TRIP_NANOS) {
      roundTripKnown = true;
      smoothRoundTrip(nanos);
    }
  }

  private void smoothRoundTrip(long nanos) {
    roundTripNanos += (nanos - roundTripNanos) / 8;
    repairDelay.onRoundTrip(nanos);
    rateControl.onRoundTrip(roundTripNanos);
  }

  /// The receiver's own estimate (REMB, draft-alvestrand-rmcat-remb-03): the estimate itself while
  /// no transport-wide feedback has come, a ceiling for it afterwards. 0 takes it back.
  public void onReceiverEstimate(long bps, long nowNanos) {
    receiverCeilingBps = bps <= 0 ? Double.POSITIVE_INFINITY : bps;
    if (!hadFeedback && bps > 0) {
      rateControl.set(bps, nowNanos);
      awaiting = false;
    }
    conclude(nowNanos);
  }

  /// What this viewer would be sent if their link had no limit; nothing above it is probed for.
  public void onDemand(long bps, long nowNanos) {
    probes.onDemand(Math.max(0, bps), nowNanos);
  }

  /// Packets take another path (another candidate pair): half the estimate is kept, but no less
  /// than the start if it was more, and the path is measured anew.
  public void onNetworkChanged(long nowNanos) {
    double before = rateControl.bps();
    double kept = Math.min(before, Math.max(startBps, KEPT_ON_NEW_PATH * before));
    groups.reset();
    trendline.reset();
    acknowledged.reset();
    lossControl.reset();
    applicationLimit.reset();
    probeMeter.reset();
    queueingDelay.rebase();
    busyRate.reset();
    competition.reset();
    repairDelay.reset();
    drain.reset();
    rateControl.forgetCapacity();
    rateControl.set(kept, nowNanos);
    receiverCeilingBps = hadFeedback ? Double.POSITIVE_INFINITY : receiverCeilingBps;
    roundTripKnown = false;
    awaiting = false;
    targetBps = Math.min(kept, receiverCeilingBps);
    applicationLimit.setEstimate(kept);
    probes.restart(kept, before, nowNanos);
  }

  /// Does whatever is due: starts probes, and lowers the rate while feedback stays away.
  public void onTimeout(long nowNanos) {
    if (hadFeedback && awaiting) {
      trendline.expire();
      if (NanoTime.isDue(outageAt(), nowNanos)) {
        outageSteps++;
        rateControl.set(OUTAGE_STEP * rateControl.bps(), nowNanos);
        conclude(nowNanos);
      }
      return;
    }
    probes.onTimeout(nowNanos);
  }

  /// Monotonic nanoseconds at which [#onTimeout] must run next, [NanoTime#NEVER] if nothing is due.
  public long nextTimeoutNanos() {
    if (hadFeedback && awaiting) {
      return outageAt();
    }
    return probes.nextTimeoutNanos();
  }

  private long outageAt() {
    return NanoTime.after(awaitingSince, patience() + (outageSteps + 1) * OUTAGE_NANOS);
  }

  private long patience() {
    return Math.max(STALE_NANOS, 2 * roundTripNanos);
  }

  /// Whether a probe waits for [#takeProbe].
  public boolean hasProbe() {
    return probes.hasPending();
  }

  /// Moves the next probe to be sent into `into`. Returns false if there is none.
  public boolean takeProbe(Probe into, long nowNanos) {
    if (!probes.take(into, nowNanos)) {
      return false;
    }
    probeMeter.expect(into, loss());
    return true;
  }

  /// Whether a running probe should be broken off, because the queue that it builds shows already.
  public boolean shouldStopProbe() {
    return trendline.usage() == Usage.OVERUSING || queueingDelay.nanos() > PROBE_QUEUE_NANOS;
  }

  /// A probe was broken off after this much of it.
  public void onProbeStopped(int probe, int packets, int bytes) {
    probeMeter.onStopped(probe, packets, bytes);
  }

  /// What may be sent, bits per second, everything counted.
  public long targetBps() {
    return (long) targetBps;
  }

  /// How fast a burst may leave, bits per second.
  public long pacingBps() {
    if (drain.isDraining() || queueingDelay.nanos() > PROBE_QUEUE_NANOS) {
      return (long) (targetBps * PACING_FACTOR_QUEUED);
    }
    return (long) (targetBps * (isBottleneckKnown() ? PACING_FACTOR_KNOWN : PACING_FACTOR));
  }

  /// Whether the path was overused at about the rate that arrives now.
  public boolean isBottleneckKnown() {
    return rateControl.isCapacityKnown();
  }

  /// What arrives, bits per second; 0 while unknown.
  public long acknowledgedBps() {
    return (long) acknowledged.bps();
  }

  /// How long packets wait on the path, without jitter.
  public long queueingDelayNanos() {
    return queueingDelay.nanos();
  }

  public long roundTripNanos() {
    return roundTripNanos;
  }

  /// The part of what is sent that is lost, 0 to 1, over the last four seconds.
  public double loss() {
    return lossControl.observations().averageLoss();
  }

  /// Whether others keep the queue before the bottleneck full: the latest trial has told so.
  public boolean isCompeting() {
    return competition.isConfirmed();
  }

  /// How long after it was sent first a packet comes that was lost and is sent again, nanoseconds,
  /// while others keep the queue before the bottleneck full; 0 where nobody does.
  public long repairDelayNanos() {
    return repairDelay.nanos();
  }

  /// How long packets have waited in a queue that others keep full, nanoseconds; 0 where nobody
  /// does.
  public long foreignQueueNanos() {
    return repairDelay.queueNanos();
  }

  /// Whether the target is low only for a moment, or was just now, to see whether the queue falls
  /// by it. If it does, the path is no longer shared with others ([#isCompeting]).
  public boolean isTrying() {
    return competition.isTrying();
  }

  public boolean isOverusing() {
    return trendline.usage() == Usage.OVERUSING;
  }

  public boolean isApplicationLimited() {
    return applicationLimit.isLimited();
  }

  public boolean isLossLimited() {
    return lossControl.state() != LossControl.State.DELAY_BASED;
  }

  /// True once transport-wide feedback has come.
  public boolean hasFeedback() {
    return hadFeedback;
  }
}
