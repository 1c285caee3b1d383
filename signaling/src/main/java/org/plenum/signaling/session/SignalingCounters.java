package org.plenum.signaling.session;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/// The counters of signaling; any thread.
public final class SignalingCounters {
  private final LongAdder[] values = new LongAdder[SignalingCounter.values().length];

  public SignalingCounters() {
    Arrays.setAll(values, _ -> new LongAdder());
  }

  public void count(SignalingCounter counter) {
    values[counter.ordinal()].increment();
  }

  public long value(SignalingCounter counter) {
    return values[counter.ordinal()].sum();
  }
}
