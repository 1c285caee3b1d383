package org.plenum.sfu.bandwidth;

import java.util.PriorityQueue;

/// Virtual time: events run in the order of their times, and those of the same time in the order
/// they were made. Half a minute of call takes milliseconds.
public final class Simulation {
  static final long MILLIS = 1_000_000;
  static final long SECONDS = 1_000_000_000;

  private record Event(long at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long order;

  long now() {
    return now;
  }

  double seconds() {
    return now / 1e9;
  }

  void at(long nanos, Runnable action) {
    events.add(new Event(Math.max(nanos, now), order++, action));
  }

  public void in(long nanos, Runnable action) {
    at(now + nanos, action);
  }

  /// Runs `action` now and every `nanos` from now on.
  void every(long nanos, Runnable action) {
    action.run();
    in(nanos, () -> every(nanos, action));
  }

  public void runUntil(double seconds) {
    long end = (long) (seconds * SECONDS);
    while (!events.isEmpty() && events.peek().at <= end) {
      Event event = events.remove();
      now = event.at;
      event.action.run();
    }
    now = end;
  }
}
