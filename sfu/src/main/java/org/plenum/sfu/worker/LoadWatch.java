package org.plenum.sfu.worker;

import org.plenum.ice.NanoTime;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.load.LoadShedding;

/// Shows [LoadShedding] what a worker's counters say of its load. Worker's thread only.
final class LoadWatch {
  private final LoadShedding shedding = new LoadShedding();
  private final WorkerCounters counters;
  private final boolean sheds;
  private long sinceNanos = NanoTime.NEVER;
  private long busyBefore;
  private long latestNanos;

  /// @param sheds whether anything is ever left undone
  LoadWatch(WorkerCounters counters, boolean sheds) {
    this.counters = counters;
    this.sheds = sheds;
  }

  /// The worker came so much too late to its timers.
  void late(long nanos) {
    latestNanos = Math.max(nanos, latestNanos);
  }

  /// To be called at each tick.
  ///
  /// @return whether something else is to be left undone than before: see [WorkerCounters#loadStep]
  boolean look(long nowNanos) {
    if (sinceNanos != NanoTime.NEVER && nowNanos - sinceNanos < LoadShedding.INTERVAL_NANOS) {
      return false;
    }
    long busy = counters.busyNanos();
    boolean changed =
        sheds
            && sinceNanos != NanoTime.NEVER
            && shedding.look(
                (double) (busy - busyBefore) / (nowNanos - sinceNanos), latestNanos, nowNanos);
    busyBefore = busy;
    sinceNanos = nowNanos;
    latestNanos = 0;
    if (changed) {
      counters.loadStep(shedding.step());
    }
    return changed;
  }

  /// What is left undone now.
  LoadStep step() {
    return shedding.step();
  }
}
