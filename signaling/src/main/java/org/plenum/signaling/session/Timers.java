package org.plenum.signaling.session;

/// The clock of the sessions, which tests turn by hand.
public interface Timers {
  /// Monotonic nanoseconds.
  long nowNanos();

  /// Runs `task` once, on a thread of the timers; it must not block.
  Timer after(long delayNanos, Runnable task);

  /// A task that waits for its time.
  interface Timer {
    /// Does nothing if it has run; it may be running right now.
    void cancel();
  }
}
