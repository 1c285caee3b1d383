package org.plenum.sfu.transport;

import org.plenum.ice.NanoTime;

/// When a worker makes its round, in which all that is due is done: not before [#LEAST_NANOS] after
/// the last one, and then with whatever wakes the worker, which in a call is a packet. It wakes for
/// the round alone if something hurries, or at last after [#MOST_NANOS]. Worker's thread only.
public final class Rounds {
  /// Between two rounds at the least; what hurries waits this long at the most.
  static final long LEAST_NANOS = 10_000_000L;

  /// Between two rounds at the most, if the worker has time.
  public static final long MOST_NANOS = 25_000_000L;

  private long madeNanos;
  private boolean hurried;

  /// The first round is due now.
  public void start(long nowNanos) {
    madeNanos = nowNanos - LEAST_NANOS;
    hurried = true;
  }

  /// Something is to be done that should not wait.
  public void hurry() {
    hurried = true;
  }

  /// Whether the next round may be made.
  public boolean isDue(long nowNanos) {
    return NanoTime.isDue(earliestNanos(), nowNanos);
  }

  /// When to wake up for the next round.
  public long nextNanos() {
    return NanoTime.after(madeNanos, hurried ? LEAST_NANOS : MOST_NANOS);
  }

  /// A round begins.
  ///
  /// @param wokeNanos since when the worker has been awake
  /// @return by how much it comes too late, in nanoseconds: since the worker woke up for it, or
  ///     could have made it in a turn that lasted too long
  public long begin(long wokeNanos, long nowNanos) {
    long due = earliestNanos();
    if (wokeNanos - due > 0) {
      due = NanoTime.earlier(wokeNanos, nextNanos());
    }
    madeNanos = nowNanos;
    hurried = false;
    return nowNanos - due;
  }

  private long earliestNanos() {
    return NanoTime.after(madeNanos, LEAST_NANOS);
  }
}
