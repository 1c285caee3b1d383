package org.plenum.signaling.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Time that passes when told.
public final class FakeTimers implements Timers {
  private record Entry(long dueNanos, Runnable task) {}

  private final List<Entry> entries = new ArrayList<>();
  private long nowNanos = Long.MAX_VALUE - 5_000_000_000L; // wraps soon

  @Override
  public synchronized long nowNanos() {
    return nowNanos;
  }

  @Override
  public synchronized Timer after(long delayNanos, Runnable task) {
    Entry entry = new Entry(nowNanos + delayNanos, task);
    entries.add(entry);
    return () -> cancel(entry);
  }

  public void advanceMillis(long millis) {
    long until = nowNanos() + millis * 1_000_000;
    for (Entry entry = next(until); entry != null; entry = next(until)) {
      entry.task().run();
    }
    synchronized (this) {
      nowNanos = until;
    }
  }

  private synchronized Entry next(long until) {
    Entry first =
        entries.stream()
            .filter(entry -> entry.dueNanos() - until <= 0)
            .min(Comparator.comparingLong(entry -> entry.dueNanos() - nowNanos))
            .orElse(null);
    if (first != null) {
      entries.remove(first);
      nowNanos = first.dueNanos();
    }
    return first;
  }

  private synchronized void cancel(Entry entry) {
    entries.removeIf(present -> present == entry);
  }
}
