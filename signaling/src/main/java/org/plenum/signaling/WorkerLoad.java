package org.plenum.signaling;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// How much of their time the workers were busy since it was asked last. One thread at a time.
final class WorkerLoad implements IntSupplier {
  private volatile LongSupplier busyNanos = () -> 0;
  private volatile int workers = 1;
  private final LongSupplier nowNanos;
  private long lastBusy;
  private long lastNanos;

  WorkerLoad(LongSupplier nowNanos) {
    this.nowNanos = nowNanos;
    this.lastNanos = nowNanos.getAsLong();
  }

  /// @param busy of all workers together
  void watch(LongSupplier busy, int count) {
    busyNanos = busy;
    workers = count;
  }

  /// In thousandths of what all workers could do.
  @Override
  public int getAsInt() {
    long now = nowNanos.getAsLong();
    long busy = busyNanos.getAsLong();
    long passed = Math.max(1, now - lastNanos) * workers;
    int load = Math.clamp(1000 * (busy - lastBusy) / passed, 0, 1000);
    lastBusy = busy;
    lastNanos = now;
    return load;
  }
}
