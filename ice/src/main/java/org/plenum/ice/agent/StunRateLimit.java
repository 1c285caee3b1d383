package org.plenum.ice.agent;

import org.plenum.ice.AddressPrefix;
import org.plenum.ice.NanoTime;

/// Token buckets per source prefix in a table of fixed size, and one for all of them together.
/// Allocates nothing. Owned by one thread.
///
/// A bucket is the time at which it will be full again (the generic cell rate algorithm), so
/// an empty place and a full bucket are the same thing. A new prefix takes the place of the
/// fullest bucket among the [#WAYS] places it may have. A sender that keeps forging new
/// prefixes to evict others' buckets runs into the bucket for all.
public final class StunRateLimit {
  /// Many clients behind one address may ask at the same time, but each asks only a few times.
  static final int PER_SECOND = 20;

  static final int BURST = 60;

  /// Requests that one worker answers each second, whoever asks.
  static final int TOTAL_PER_SECOND = 2_000;

  static final int TOTAL_BURST = 4_000;

  /// Prefixes told apart at a time.
  static final int PREFIXES = 4_096;

  /// Places that a prefix may have.
  static final int WAYS = 8;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final Rates BINDING = new Rates(PER_SECOND, BURST, TOTAL_PER_SECOND, TOTAL_BURST);

  /// How much is let through.
  ///
  /// @param perSecond requests from one prefix
  /// @param burst of those at once
  /// @param totalPerSecond requests, whoever sends them
  /// @param totalBurst of those at once
  public record Rates(int perSecond, int burst, int totalPerSecond, int totalBurst) {}

  private final long[] prefixes = new long[PREFIXES]; // 0: none
  private final long[] fullAtNanos = new long[PREFIXES];
  private final long seed;
  private final long intervalNanos;
  private final long toleranceNanos;
  private final long totalIntervalNanos;
  private final long totalToleranceNanos;
  private long totalFullAtNanos;

  /// As many as a STUN server answers.
  ///
  /// @param seed unknown to clients, so that nobody can aim at another's places
  StunRateLimit(long seed, long nowNanos) {
    this(BINDING, seed, nowNanos);
  }

  /// @param seed unknown to clients, so that nobody can aim at another's places
  public StunRateLimit(Rates rates, long seed, long nowNanos) {
    this.seed = seed;
    intervalNanos = NANOS_PER_SECOND / rates.perSecond();
    toleranceNanos = rates.burst() * intervalNanos;
    totalIntervalNanos = NANOS_PER_SECOND / rates.totalPerSecond();
    totalToleranceNanos = rates.totalBurst() * totalIntervalNanos;
    totalFullAtNanos = nowNanos;
  }

  /// Whether one more request from this address may be answered now; takes a token if so.
  public boolean tryAcquire(long remoteHigh, long remoteLow, long nowNanos) {
    int place = place(AddressPrefix.of(remoteHigh, remoteLow), nowNanos);
    long full = later(fullAtNanos[place], nowNanos) + intervalNanos;
    long totalFull = later(totalFullAtNanos, nowNanos) + totalIntervalNanos;
    if (full - nowNanos > toleranceNanos || totalFull - nowNanos > totalToleranceNanos) {
      return false;
    }
    fullAtNanos[place] = full;
    totalFullAtNanos = totalFull;
    return true;
  }

  private int place(long prefix, long nowNanos) {
    long mixed = (prefix ^ seed) * 0x9E37_79B9_7F4A_7C15L;
    int first = (int) (mixed >>> 32) & (PREFIXES - WAYS);
    int fullest = first;
    for (int i = first; i < first + WAYS; i++) {
      if (prefixes[i] == prefix) {
        return i;
      }
      if (prefixes[i] == 0) {
        fullest = i;
        break; // places are taken in order and never given up
      }
      if (fullAtNanos[i] - fullAtNanos[fullest] < 0) {
        fullest = i;
      }
    }
    prefixes[fullest] = prefix;
    fullAtNanos[fullest] = nowNanos;
    return fullest;
  }

  private static long later(long fullAtNanos, long nowNanos) {
    return NanoTime.isDue(fullAtNanos, nowNanos) ? nowNanos : fullAtNanos;
  }
}
