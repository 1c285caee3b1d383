package org.plenum.signaling.session;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.plenum.sfu.counters.Histogram;

/// The counters of signaling; any thread.
public final class SignalingCounters {
  private final LongAdder[] values = new LongAdder[SignalingCounter.values().length];

  private final Map<JoinPhase, Histogram> joins = new EnumMap<>(JoinPhase.class);

  public SignalingCounters() {
    Arrays.setAll(values, _ -> new LongAdder());
    for (JoinPhase phase : JoinPhase.values()) {
      joins.put(phase, JoinPhase.histogram());
    }
  }

  public void count(SignalingCounter counter) {
    values[counter.ordinal()].increment();
  }

  /// A part of a join took so long.
  void record(JoinPhase phase, long nanos) {
    joins.get(phase).record(nanos);
  }

  /// How long this part of joins took, in nanoseconds.
  public Histogram join(JoinPhase phase) {
    return joins.get(phase);
  }

  public long value(SignalingCounter counter) {
    return values[counter.ordinal()].sum();
  }
}
