package org.plenum.sfu.bandwidth;

import org.plenum.ice.NanoTime;

/// Decides when a path is probed and at which rate: at the start by steps, further as long as
/// probes succeed, after a drop that passed, and every second while more is wanted than the
/// estimate allows. A path is never probed for more than is wanted.
final class ProbeController {
  /// What keeps the estimate where it is.
  enum Limit {
    /// Nothing but caution: more may be tried.
    NONE,
    /// Packets were lost, but the rate is growing again.
    LOSS_RECOVERING,
    /// A growing queue, loss, or silence: no probe now.
    CONGESTION
  }

  private static final double FIRST_SCALE = 3;
  private static final double SECOND_SCALE = 6;
  private static final double FURTHER_SCALE = 2;
  private static final double FURTHER_THRESHOLD = 0.7;

  /// What is tried again and again, after nothing came of more: enough to see that the bottleneck
  /// is gone, and hardly any queue while it is not.
  private static final double GENTLE_SCALE = 1.3;

  private static final double GENTLE_THRESHOLD = 0.81;
  private static final double LOSS_LIMITED_SCALE = 1.5;
  private static final long RESULT_WAIT_NANOS = 1_000_000_000L;

  /// The estimate must be able to exceed what is wanted, so that the choice of layers is not made
  /// at the edge.
  private static final double HEADROOM = 1.4;

  /// A picture that moves takes a little more for a moment; that is no reason to probe.
  private static final double MUCH_MORE = 1.2;

  /// Closer to what is wanted than this, a probe would tell nothing new.
  private static final double UNCERTAINTY = 0.05;

  private static final double LARGE_DROP = 0.66;
  private static final double AFTER_DROP = 0.85;
  private static final long DROP_NANOS = 5_000_000_000L;

  private static final long INTERVAL_NANOS = 1_000_000_000L;
  private static final long RETRY_NANOS = 200_000_000;
  private static final double SUCCESS = 1.05;

  private static final int MIN_PACKETS = 5;

  /// Long enough to fill what a link lets pass unhindered before it shapes.
  private static final double START_SECONDS = 0.1;

  private static final double SHORT_SECONDS = 0.015;
  private static final double LONG_SECONDS = 0.06;

  /// What a probe adds is drained in about this time should there be no room at all.
  private static final double LARGEST_SECONDS = 0.07;

  private static final int QUEUE = 4;

  private final double maxBps;
  private final double[] pendingBps = new double[QUEUE];
  private final double[] pendingSeconds = new double[QUEUE];
  private int pending;
  private int nextId = 1;
  private boolean started;
  private boolean waiting;
  private double estimateBps;
  private double demandBps = Double.POSITIVE_INFINITY;

  /// What was wanted when the path was probed the last time, or less if it was less since.
  private double probedDemandBps = Double.POSITIVE_INFINITY;

  private Limit limit = Limit.NONE;
  private boolean applicationLimited = true;
  private double furtherAboveBps = Double.POSITIVE_INFINITY;
  private long lastInitiated;
  private double estimateAtProbe;
  private boolean postponed;
  private long postponedUntil;
  private double beforeDropBps;
  private boolean dropped;
  private long droppedAt;

  ProbeController(double startBps, double maxBps) {
    this.maxBps = maxBps;
    estimateBps = startBps;
  }

  boolean isStarted() {
    return started;
  }

  /// The first packet left: the path exists.
  void start(long nowNanos) {
    started = true;
    probe(FIRST_SCALE * estimateBps, START_SECONDS, true, nowNanos);
    if (FIRST_SCALE * estimateBps < ceilingBps()) {
      probe(SECOND_SCALE * estimateBps, START_SECONDS, true, nowNanos);
    }
  }

  /// Once per feedback.
  void onEstimate(double bps, Limit newLimit, boolean isApplicationLimited, long nowNanos) {
    if (bps < LARGE_DROP * estimateBps) {
      dropped = true;
      droppedAt = nowNanos;
      beforeDropBps = estimateBps;
    }
    estimateBps = bps;
    limit = newLimit;
    applicationLimited = isApplicationLimited;
    if (newLimit == Limit.CONGESTION) {
      pending = 0;
    }
    if (waiting && bps > furtherAboveBps) {
      probe(FURTHER_SCALE * bps, duration(), true, nowNanos);
    }
  }

  /// More is wanted: tries for it at once where the path has not been measured for that much.
  void onDemand(double bps, long nowNanos) {
    boolean more = bps > MUCH_MORE * probedDemandBps;
    demandBps = bps;
    probedDemandBps = Math.min(probedDemandBps, bps);
    if (started && !waiting && more && isWanting() && pending == 0) {
      double rate = Math.min(HEADROOM * bps, FURTHER_SCALE * estimateBps);
      probe(rate, duration(), rate < HEADROOM * bps, nowNanos);
    }
  }

  /// A queue has drained: perhaps what caused it is over, too.
  void onQueueDrained(boolean wasApplicationLimited, long nowNanos) {
    double rate = Math.min(AFTER_DROP * beforeDropBps, FIRST_SCALE * estimateBps);
    if (wasApplicationLimited
        && !waiting
        && dropped
        && nowNanos - droppedAt < DROP_NANOS
        && (1 - UNCERTAINTY) * rate > estimateBps) {
      dropped = false;
      probe(rate, duration(), false, nowNanos);
    }
  }

  void onTimeout(long nowNanos) {
    if (!started) {
      return;
    }
    if (waiting && nowNanos - lastInitiated > RESULT_WAIT_NANOS) {
      waiting = false;
      furtherAboveBps = Double.POSITIVE_INFINITY;
      pending = 0;
    }
    if (!waiting && isWanting() && NanoTime.isDue(periodicAt(), nowNanos)) {
      postpone(nowNanos);
      boolean isGentle = estimateBps <= SUCCESS * estimateAtProbe;
      pending = 0;
      probe((isGentle ? GENTLE_SCALE : FURTHER_SCALE) * estimateBps, duration(), true, nowNanos);
      if (isGentle && waiting) {
        furtherAboveBps = GENTLE_THRESHOLD * GENTLE_SCALE * estimateBps;
      }
    }
  }

  long nextTimeoutNanos() {
    if (waiting) {
      return NanoTime.after(lastInitiated, RESULT_WAIT_NANOS + 1);
    }
    return started && isWanting() ? periodicAt() : NanoTime.NEVER;
  }

  private long periodicAt() {
    long due = NanoTime.after(lastInitiated, INTERVAL_NANOS);
    return postponed && postponedUntil - due > 0 ? postponedUntil : due;
  }

  /// If congestion forbids a probe now, it is tried again a little later.
  private void postpone(long nowNanos) {
    postponed = true;
    postponedUntil = NanoTime.after(nowNanos, RETRY_NANOS);
  }

  /// While other packets are on their way a short burst may slip between them: it must last longer
  /// to say something.
  private double duration() {
    return applicationLimited ? SHORT_SECONDS : LONG_SECONDS;
  }

  private boolean isWanting() {
    return estimateBps < (1 - UNCERTAINTY) * ceilingBps();
  }

  private double ceilingBps() {
    return Math.min(maxBps, HEADROOM * demandBps);
  }

  private void probe(double bps, double seconds, boolean further, long nowNanos) {
    if (limit == Limit.CONGESTION || pending == QUEUE) {
      return;
    }
    double ceiling = ceilingBps();
    if (limit == Limit.LOSS_RECOVERING) {
      ceiling = Math.min(ceiling, LOSS_LIMITED_SCALE * estimateBps);
    }
    double rate = Math.min(bps, ceiling);
    if (rate <= estimateBps) {
      return;
    }
    pendingBps[pending] = rate;
    pendingSeconds[pending] = seconds;
    pending++;
    lastInitiated = nowNanos;
    estimateAtProbe = estimateBps;
    probedDemandBps = demandBps;
    waiting = further && rate == bps;
    furtherAboveBps = waiting ? FURTHER_THRESHOLD * rate : Double.POSITIVE_INFINITY;
  }

  /// Moves the next probe into `into`. Returns false if none is to be sent.
  boolean take(Probe into, long nowNanos) {
    if (pending == 0) {
      return false;
    }
    double rate = pendingBps[0];
    double seconds = pendingSeconds[0];
    pending--;
    System.arraycopy(pendingBps, 1, pendingBps, 0, pending);
    System.arraycopy(pendingSeconds, 1, pendingSeconds, 0, pending);
    if (nowNanos - lastInitiated > RESULT_WAIT_NANOS) {
      pending = 0;
      return false;
    }
    into.id = nextId;
    nextId = nextId == Integer.MAX_VALUE ? 1 : nextId + 1;
    into.rateBps = (long) rate;
    double bits = rate * seconds;
    if (seconds < START_SECONDS) {
      bits = Math.min(bits, LARGEST_SECONDS * Math.max(estimateBps, rate / FURTHER_SCALE));
    }
    into.minBytes = (int) Math.min(bits / 8, 1 << 20);
    into.minPackets = MIN_PACKETS;
    return true;
  }

  boolean hasPending() {
    return pending > 0;
  }

  /// Another path: begins anew with what was carried before as the first thing to try for.
  void restart(double bps, double beforeBps, long nowNanos) {
    pending = 0;
    estimateBps = bps;
    limit = Limit.NONE;
    dropped = false;
    waiting = false;
    lastInitiated = nowNanos;
    started = true;
    probe(Math.max(beforeBps, FIRST_SCALE * bps), START_SECONDS, true, nowNanos);
  }
}
