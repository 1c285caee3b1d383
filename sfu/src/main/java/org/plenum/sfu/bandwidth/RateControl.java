package org.plenum.sfu.bandwidth;

/// Turns the detector's word into a rate (draft-ietf-rmcat-gcc-02 §5.5): down to 85 % of what
/// arrived when the queue grows, held while it drains, up otherwise, by 8 % a second far from the
/// bottleneck's known rate and by about one packet per response time near it.
final class RateControl {
  private static final double BACKOFF = 0.85;
  private static final double GROWTH_PER_SECOND = 1.08;
  private static final double LEAST_GROWTH_BPS = 1_000;

  /// The estimate runs ahead of what arrives by no more than this: beyond, nothing vouches for it.
  private static final double LEAD = 1.5;

  private static final double LEAD_BPS = 10_000;

  /// And by no more than this where the bottleneck was met, unless that was higher.
  private static final double LEAD_NEAR_BOTTLENECK = 1.1;

  private static final double FRAMES_PER_SECOND = 30;
  private static final double PACKET_BITS = 1_200 * 8;
  private static final long DETECTION_NANOS = 100_000_000;
  private static final double LEAST_STEP_BPS_PER_SECOND = 4_000;
  private static final long SHORTEST_REDUCTION_NANOS = 10_000_000;
  private static final long LONGEST_REDUCTION_NANOS = 200_000_000;

  private static final double COMPETING_BACKOFF = 0.8;

  /// Longer round trips do not slow the growth further, as they do not with CUBIC.
  private static final long LONGEST_COMPETING_NANOS = 400_000_000;

  private static final double COMPETING_STEPS = 3;

  /// Nothing is probed for meanwhile: the next larger picture, which takes two to three times as
  /// much, must come within reach by itself, and the smallest one where nothing but sound is left.
  private static final double COMPETING_LEAD = 2;

  private static final double COMPETING_LEAD_BPS = 300_000;

  private enum State {
    HOLD,
    INCREASE
  }

  private final double leastBps;
  private final double greatestBps;
  private final LinkCapacity capacity = new LinkCapacity();
  private double bps;
  private State state = State.HOLD;
  private boolean changedBefore;
  private long lastChange;
  private long lastCut;
  private long roundTripNanos = 200_000_000;

  RateControl(double startBps, double leastBps, double greatestBps) {
    this.leastBps = leastBps;
    this.greatestBps = greatestBps;
    bps = startBps;
  }

  double bps() {
    return bps;
  }

  /// Whether the bottleneck was met at about the rate that arrives now.
  boolean isCapacityKnown() {
    return capacity.isKnown();
  }

  void onRoundTrip(long nanos) {
    roundTripNanos = nanos;
  }

  /// The queue does not grow: holds on while it drains, else grows.
  void onNoOveruse(Usage usage, double acknowledgedBps, long nowNanos) {
    if (usage == Usage.UNDERUSING) {
      state = State.HOLD;
      return;
    }
    if (state == State.HOLD) {
      state = State.INCREASE;
      changed(nowNanos);
    }
    increase(acknowledgedBps, nowNanos);
  }

  private void increase(double acknowledgedBps, long nowNanos) {
    if (capacity.isExceededBy(acknowledgedBps)) {
      capacity.reset();
    }
    double limit =
        capacity.isKnown()
            ? Math.max(capacity.bps(), LEAD_NEAR_BOTTLENECK * acknowledgedBps)
            : LEAD * acknowledgedBps + LEAD_BPS;
    if (bps < limit) {
      double seconds = changedBefore ? Math.min((nowNanos - lastChange) / 1e9, 1) : 1;
      double growth =
          capacity.isKnown()
              ? stepPerSecond() * seconds
              : Math.max(bps * (Math.pow(GROWTH_PER_SECOND, seconds) - 1), LEAST_GROWTH_BPS);
      set(Math.min(bps + growth, limit));
    }
    changed(nowNanos);
  }

  /// One packet of a 30 fps stream per response time, doubled for the detector's own delay.
  private double stepPerSecond() {
    double frameBits = bps / FRAMES_PER_SECOND;
    double packetBits = frameBits / Math.ceil(frameBits / PACKET_BITS);
    double responseSeconds = 2 * (roundTripNanos + DETECTION_NANOS) / 1e9;
    return Math.max(LEAST_STEP_BPS_PER_SECOND, packetBits / responseSeconds);
  }

  /// True if a reduction may follow the last one: it has had a round trip to show.
  boolean mayReduce(double acknowledgedBps, long nowNanos) {
    long interval = Math.clamp(roundTripNanos, SHORTEST_REDUCTION_NANOS, LONGEST_REDUCTION_NANOS);
    return !changedBefore || nowNanos - lastChange >= interval || acknowledgedBps < bps / 2;
  }

  /// The queue grows while this much arrives. Returns true if the rate went down.
  boolean onOveruse(double acknowledgedBps, long nowNanos) {
    if (capacity.isExceededBy(acknowledgedBps)) {
      capacity.reset();
    }
    double reduced = BACKOFF * acknowledgedBps;
    if (reduced > bps && capacity.isKnown()) {
      reduced = BACKOFF * capacity.bps();
    }
    boolean down = reduced < bps;
    if (down) {
      set(reduced);
    }
    if (capacity.isFarAbove(acknowledgedBps)) {
      capacity.reset();
    }
    capacity.onOveruse(acknowledgedBps);
    state = State.HOLD;
    changed(nowNanos);
    return down;
  }

  /// Others keep the queue full: shares it as they do, by one packet per round trip up and by a
  /// fifth down for each round trip in which something was lost (between RFC 5681 and RFC 9438).
  void onCompetition(boolean lost, double acknowledgedBps, long roundTrip, long nowNanos) {
    double rtt = Math.clamp(roundTrip, SHORTEST_REDUCTION_NANOS, LONGEST_COMPETING_NANOS) / 1e9;
    if (!changedBefore) {
      changed(nowNanos);
    }
    if (!lost) {
      double seconds = Math.min((nowNanos - lastChange) / 1e9, 1);
      double limit = Math.max(bps, COMPETING_LEAD * acknowledgedBps + COMPETING_LEAD_BPS);
      set(Math.min(bps + COMPETING_STEPS * PACKET_BITS / (rtt * rtt) * seconds, limit));
      changed(nowNanos);
    } else if (nowNanos - lastCut > roundTrip) {
      set(COMPETING_BACKOFF * bps);
      lastCut = nowNanos;
      changed(nowNanos);
    }
    state = State.HOLD;
  }

  /// A measurement (a probe, a report, a fresh start) takes the place of the estimate.
  void set(double measuredBps, long nowNanos) {
    set(measuredBps);
    changed(nowNanos);
  }

  private void set(double newBps) {
    bps = Math.clamp(newBps, leastBps, greatestBps);
  }

  private void changed(long nowNanos) {
    changedBefore = true;
    lastChange = nowNanos;
  }

  /// Forgets where the bottleneck was: the path is another one.
  void forgetCapacity() {
    capacity.reset();
    state = State.HOLD;
  }
}
