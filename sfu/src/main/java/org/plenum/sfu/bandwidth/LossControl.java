package org.plenum.sfu.bandwidth;

/// The loss-based bound on the rate: the model's answer, kept between what demonstrably arrives and
/// what the delay allows, lowered at once, raised with patience.
final class LossControl {
  /// What bounds the rate.
  enum State {
    /// The delay alone.
    DELAY_BASED,
    /// Loss, and the rate grows again.
    INCREASING,
    /// Loss, and the rate falls or is held.
    DECREASING
  }

  private static final int LEAST_OBSERVATIONS = 3;
  private static final double RAMP_UP = 1.5;
  private static final double RAMP_UP_NEAR_HOLD = 1.2;
  private static final double NEAR_HOLD = 1.3;
  private static final double GREATEST_INCREASE = 1.3;
  private static final long INCREASE_WINDOW_NANOS = 300_000_000;
  private static final long FIRST_HOLD_NANOS = 300_000_000;
  private static final long LONGEST_HOLD_NANOS = 5_000_000_000L;

  /// Packets that waited this long stood in a queue that may have overflowed.
  private static final long QUEUE_NANOS = 40_000_000;

  /// As long as the observations reach back.
  private static final long QUEUE_MEMORY_NANOS = 4_000_000_000L;

  private static final double HOLD_FACTOR = 2;

  /// Random loss is not even: so much more than the noise is still noise.
  private static final double NOISE_MARGIN = 1.25;

  private static final double NOISE_OFFSET = 0.005;
  private static final double MOST_NOISE = 0.3;
  private static final double CANDIDATE_UP = 1.02;
  private static final double CANDIDATE_DOWN = 0.95;

  private final double leastBps;
  private final LossObservations observations = new LossObservations();
  private final LossModel model = new LossModel(observations);
  private boolean initialized;
  private State state = State.DELAY_BASED;
  private double resultBps;
  private double acknowledgedBps;
  private double delayBasedBps;
  private double windowLimitBps = Double.POSITIVE_INFINITY;
  private boolean recovering;
  private long recoveringSince;
  private double holdBps = Double.POSITIVE_INFINITY;
  private long holdNanos = FIRST_HOLD_NANOS;
  private boolean queuedBefore;
  private long lastQueued;
  private boolean holding;
  private long holdUntil;

  LossControl(double leastBps) {
    this.leastBps = leastBps;
  }

  LossObservations observations() {
    return observations;
  }

  State state() {
    return state;
  }

  /// The part of all packets that the path loses at any rate, 0 to 1.
  double noise() {
    return model.noise();
  }

  /// The rate, bits per second, given what the delay allows now.
  double bound(double currentDelayBasedBps) {
    return state == State.DELAY_BASED
        ? currentDelayBasedBps
        : Math.min(resultBps, currentDelayBasedBps);
  }

  /// Once per feedback, after its packets were put into [#observations].
  ///
  /// @param applicationLimited what arrives is less than what could: no candidate
  void update(
      double acknowledged,
      double delayBased,
      boolean applicationLimited,
      long queueNanos,
      long nowNanos) {
    if (queueNanos > QUEUE_NANOS) {
      queuedBefore = true;
      lastQueued = nowNanos;
    }
    acknowledgedBps = acknowledged;
    delayBasedBps = delayBased;
    if (!observations.complete()) {
      return;
    }
    if (!initialized) {
      initialized = true;
      model.set(delayBased, model.noise());
      resultBps = delayBased;
    }
    choose(applicationLimited, queuedBefore && nowNanos - lastQueued < QUEUE_MEMORY_NANOS);
    double best = limitIncrease(model.bestBps(), applicationLimited);
    double bounded = Math.max(floorBps(), Math.min(best, Math.min(model.ceilingBps(), delayBased)));
    model.set(bounded, model.bestNoise());
    if (observations.count() >= LEAST_OBSERVATIONS) {
      decide(bounded);
    }
  }

  private double floorBps() {
    return Math.max(leastBps, sustainedBps());
  }

  /// What must have been sent for this much to arrive, if nothing but noise took its part.
  private double sustainedBps() {
    return acknowledgedBps / (1 - Math.min(model.noise(), MOST_NOISE));
  }

  /// A probe came through at this rate: loss does not keep the rate below it.
  void onProbe(double bps) {
    if (state == State.INCREASING && bps > resultBps) {
      model.set(bps, model.noise());
      resultBps = bps;
    }
  }

  private void choose(boolean applicationLimited, boolean queueing) {
    double current = model.bps();
    double most = state == State.DELAY_BASED ? Double.POSITIVE_INFINITY : windowLimitBps;
    most = Math.max(current, most);
    model.begin(queueing);
    model.consider(Math.min(CANDIDATE_UP * current, most));
    model.consider(current);
    model.consider(CANDIDATE_DOWN * current);
    if (acknowledgedBps > 0 && !applicationLimited) {
      model.consider(Math.min(sustainedBps(), most));
    }
    if (delayBasedBps > current) {
      model.consider(Math.min(delayBasedBps, most));
    }
  }

  private double limitIncrease(double best, boolean applicationLimited) {
    double current = model.bps();
    double limited = best;
    double explained = NOISE_MARGIN * model.bestNoise() + NOISE_OFFSET;
    if (observations.averageLoss() > explained && limited > current) {
      limited = current; // more is lost than noise explains
    }
    if (state == State.DELAY_BASED) {
      return limited;
    }
    long now = observations.newestNanos();
    if (recovering && now - recoveringSince < INCREASE_WINDOW_NANOS) {
      limited = Math.min(limited, windowLimitBps);
    }
    if (limited >= current && acknowledgedBps > 0 && !applicationLimited) {
      double factor = acknowledgedBps < NEAR_HOLD * holdBps ? RAMP_UP_NEAR_HOLD : RAMP_UP;
      limited = Math.max(current, Math.min(limited, factor * acknowledgedBps));
      if (state == State.DECREASING && limited == current) {
        limited = current + 1; // so that it counts as an increase
      }
    }
    return limited;
  }

  private void decide(double bounded) {
    long now = observations.newestNanos();
    boolean belowDelay = bounded < delayBasedBps;
    if (state == State.DECREASING && holding && holdUntil - now > 0 && belowDelay) {
      holdBps = Math.max(holdBps, floorBps());
      resultBps = Math.min(holdBps, bounded);
      return;
    }
    if (!belowDelay) {
      state = State.DELAY_BASED;
      holdBps = Double.POSITIVE_INFINITY;
      holdNanos = FIRST_HOLD_NANOS;
      holding = false;
    } else if (isIncrease(bounded)) {
      state = State.INCREASING;
    } else {
      hold(bounded, now);
      state = State.DECREASING;
    }
    resultBps = bounded;
    openIncreaseWindow(now);
  }

  private boolean isIncrease(double bounded) {
    return state == State.INCREASING && bounded == resultBps
        || state != State.DELAY_BASED && bounded > resultBps;
  }

  /// A rate that just lost packets is not tried again at once, and later each time.
  private void hold(double bounded, long now) {
    if (state != State.DECREASING) {
      holding = true;
      holdUntil = now + holdNanos;
      holdNanos = Math.min(LONGEST_HOLD_NANOS, (long) (holdNanos * HOLD_FACTOR));
      holdBps = bounded;
    }
  }

  private void openIncreaseWindow(long now) {
    if (state != State.DELAY_BASED
        && (!recovering || now - recoveringSince > INCREASE_WINDOW_NANOS)) {
      windowLimitBps = Math.max(leastBps, GREATEST_INCREASE * model.bps());
      recovering = true;
      recoveringSince = now;
    }
  }

  /// Forgets all: the path is another one.
  void reset() {
    observations.reset();
    model.set(0, model.noise());
    initialized = false;
    state = State.DELAY_BASED;
    windowLimitBps = Double.POSITIVE_INFINITY;
    recovering = false;
    holding = false;
    holdBps = Double.POSITIVE_INFINITY;
    holdNanos = FIRST_HOLD_NANOS;
  }
}
