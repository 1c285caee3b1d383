package org.plenum.signaling.session;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.plenum.sfu.counters.Histogram;

/// The counters of signaling; any thread.
public final class SignalingCounters {
  private final LongAdder[] values = new LongAdder[SignalingCounter.values().length];

  private final Histogram[] joins = new Histogram[JoinPhase.values().length];

  public SignalingCounters() {
    Arrays.setAll(values, _ -> new LongAdder());
    Arrays.setAll(joins, _ -> JoinPhase.histogram());
  }

  public void count(SignalingCounter counter) {
    values[counter.ordinal()].increment();
  }

  void add(SignalingCounter counter, int times) {
    values[counter.ordinal()].add(times);
  }

  /// A part of a join took so long.
  void record(JoinPhase phase, long nanos) {
    joins[phase.ordinal()].record(nanos);
  }

  /// How long this part of joins took, in nanoseconds.
  public Histogram join(JoinPhase phase) {
    return joins[phase.ordinal()];
  }

  public long value(SignalingCounter counter) {
    return values[counter.ordinal()].sum();
  }
}
