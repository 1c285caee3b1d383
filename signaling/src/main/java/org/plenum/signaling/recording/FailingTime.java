package org.plenum.signaling.recording;

import java.util.function.LongSupplier;

/// For how long something has failed. Any thread.
final class FailingTime {
  private static final double NANOS = 1e9;

  private final LongSupplier nanos;
  private boolean failing;
  private long sinceNanos;

  /// @param nanos monotonic
  FailingTime(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void failed() {
    if (!failing) {
      sinceNanos = nanos.getAsLong();
      failing = true;
    }
  }

  /// @return whether it had failed before
  synchronized boolean succeeded() {
    boolean before = failing;
    failing = false;
    return before;
  }

  /// Since the first failure after the last success; 0 while all is well.
  synchronized double seconds() {
    return failing ? (nanos.getAsLong() - sinceNanos) / NANOS : 0;
  }
}
