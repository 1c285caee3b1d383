package org.plenum.signaling.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the wall clock keeps pace with the monotonic one. Once it has jumped, no age can be
/// told from it, neither of what was dated before nor of what was dated meanwhile: nothing may
/// be deleted for its age until the server restarts. Any thread.
public final class ClockWatch {
  /// Corrections of time servers and pauses of a virtual machine are shorter, ages that matter
  /// longer.
  static final Duration TOLERANCE = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Instant begun;
  private final long begunNanos;
  private boolean jumped;

  /// Watches from now on.
  public ClockWatch(InstantSource clock) {
    this(clock, System::nanoTime);
  }

  ClockWatch(InstantSource clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.begun = clock.instant();
    this.begunNanos = nanos.getAsLong();
  }

  /// Compares both clocks; once true, it stays true, even if the clock is set right.
  public synchronized boolean hasJumped() {
    if (jumped) {
      return true;
    }
    Instant expected = begun.plusNanos(nanos.getAsLong() - begunNanos);
    Duration off = Duration.between(expected, clock.instant());
    jumped = off.abs().compareTo(TOLERANCE) > 0;
    if (jumped) {
      LOG.warn(
          "the clock jumped by {} s: nothing is deleted for its age until the server restarts",
          off.toSeconds());
    }
    return jumped;
  }
}
