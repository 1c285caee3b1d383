package org.plenum.sfu.load;

import org.plenum.ice.NanoTime;
import org.plenum.sfu.LoadStep;

/// Decides what a worker leaves undone, by how much of its time it works and how late it is. No
/// I/O, no clock; one thread.
///
/// - New rooms and people are refused by how busy it was over a second or two.
/// - Of what is there something is left out when it has worked all the time in four looks, and one
///   step more for each four that are like that. Where it has fallen behind as well, packets pile
///   up in the socket and sound among them: then all but one picture after two looks, and all after
///   the next. A single pause (garbage collection, a neighbour on the machine) is one look.
/// - Back one step at a time: soon, if so little is left to do that there is room for more; else
///   after some seconds, as an attempt. An attempt that fails is repeated later each time, unless
///   there is clearly less to do than there was before it.
public final class LoadShedding {
  /// Between two looks.
  public static final long INTERVAL_NANOS = 100_000_000L;

  /// It works all the time.
  private static final double FULL = 0.97;

  /// So many looks in a row have to say so.
  private static final int FULL_LOOKS = 4;

  /// So late, packets wait in the socket for too long.
  private static final long BEHIND_NANOS = 50_000_000L;

  private static final int BEHIND_LOOKS = 2;

  /// What a look adds to the average: it is one over a second, in which a pause counts as a look.
  private static final double WEIGHT = 0.1;

  /// How busy it is when the first two steps begin.
  private static final double NO_MORE_ROOMS = 0.85;

  private static final double NO_MORE_PEOPLE = 0.92;

  /// How busy it may be in each step for there to be room for what that step leaves out.
  private static final double[] EASY = {0, 0.75, 0.82, 0.7, 0.6, 0.5};

  /// And so busy, there may be room.
  private static final double POSSIBLE = 0.85;

  /// For how long it must have been easy, or possible.
  private static final long EASY_NANOS = 500_000_000L;

  private static final long FIRST_ATTEMPT_NANOS = 5_000_000_000L;
  private static final long MOST_ATTEMPT_NANOS = 80_000_000_000L;

  /// What was taken back for so long was no failure.
  private static final long SETTLED_NANOS = 10_000_000_000L;

  /// So much less to do is another situation than the one in which an attempt failed.
  private static final double CLEARLY_LESS = 0.75;

  private LoadStep step = LoadStep.NONE;
  private double average;
  private int fullLooks;
  private int behindLooks;
  private long easySinceNanos = NanoTime.NEVER;
  private long possibleSinceNanos = NanoTime.NEVER;

  // The latest step back.
  private long tookBackNanos = NanoTime.NEVER;
  private LoadStep tookBack = LoadStep.NONE;
  private double tookBackAt;

  // The latest that was in vain: which it was, and how busy it was before; none if infinite.
  private LoadStep failed = LoadStep.NONE;
  private double failedAt = Double.POSITIVE_INFINITY;

  private long attemptNanos = FIRST_ATTEMPT_NANOS;

  /// What it leaves undone now.
  public LoadStep step() {
    return step;
  }

  /// Looks at the worker; to be called about every [#INTERVAL_NANOS].
  ///
  /// @param busy the part of the time since the look before in which it worked, 0 to 1
  /// @param lateNanos how late it was at its timers since then, at most
  /// @return whether the step is another
  public boolean look(double busy, long lateNanos, long nowNanos) {
    note(busy, lateNanos, nowNanos);
    LoadStep needed = needed();
    if (!step.includes(needed)) {
      rise(needed);
      return true;
    }
    if (step != LoadStep.NONE && mayTakeBack(nowNanos)) {
      takeBack(nowNanos);
      return true;
    }
    return false;
  }

  private void note(double busy, long lateNanos, long nowNanos) {
    average += WEIGHT * (Math.clamp(busy, 0, 1) - average);
    fullLooks = busy >= FULL ? fullLooks + 1 : 0;
    behindLooks = busy >= FULL && lateNanos >= BEHIND_NANOS ? behindLooks + 1 : 0;
    boolean isEasy = average < EASY[step.ordinal()] && busy < FULL;
    easySinceNanos = since(isEasy, easySinceNanos, nowNanos);
    possibleSinceNanos = since(average < POSSIBLE, possibleSinceNanos, nowNanos);
    if (tookBackNanos != NanoTime.NEVER && nowNanos - tookBackNanos > SETTLED_NANOS) {
      tookBackNanos = NanoTime.NEVER;
      if (failed.includes(tookBack)) {
        failedAt = Double.POSITIVE_INFINITY;
        attemptNanos = FIRST_ATTEMPT_NANOS;
      }
    }
  }

  private static long since(boolean holds, long sinceNanos, long nowNanos) {
    if (!holds) {
      return NanoTime.NEVER;
    }
    return sinceNanos == NanoTime.NEVER ? nowNanos : sinceNanos;
  }

  private LoadStep needed() {
    LoadStep needed = LoadStep.NONE;
    if (average >= NO_MORE_ROOMS) {
      needed = average >= NO_MORE_PEOPLE ? LoadStep.JOINS : LoadStep.ROOMS;
    }
    if (behindLooks >= BEHIND_LOOKS) {
      return step.includes(LoadStep.OTHER_PICTURES) ? LoadStep.PICTURES : LoadStep.OTHER_PICTURES;
    }
    if (fullLooks >= FULL_LOOKS) {
      int next = Math.min(step.ordinal() + 1, LoadStep.PICTURES.ordinal());
      return LoadStep.values()[Math.max(next, LoadStep.TOP_LAYERS.ordinal())];
    }
    return needed;
  }

  private void rise(LoadStep needed) {
    if (tookBackNanos != NanoTime.NEVER && needed.includes(tookBack)) {
      failed = tookBack;
      failedAt = tookBackAt;
      attemptNanos = Math.min(2 * attemptNanos, MOST_ATTEMPT_NANOS);
      tookBackNanos = NanoTime.NEVER;
    }
    change(needed);
    // Where it has fallen behind, the next look counts: there is no time for two.
    fullLooks = 0;
    behindLooks = Math.min(behindLooks, BEHIND_LOOKS - 1);
  }

  private boolean mayTakeBack(long nowNanos) {
    boolean isEasy =
        average < CLEARLY_LESS * failedAt
            && easySinceNanos != NanoTime.NEVER
            && nowNanos - easySinceNanos >= EASY_NANOS;
    return isEasy
        || possibleSinceNanos != NanoTime.NEVER && nowNanos - possibleSinceNanos >= attemptNanos;
  }

  private void takeBack(long nowNanos) {
    tookBackNanos = nowNanos;
    tookBack = step;
    tookBackAt = average;
    change(LoadStep.values()[step.ordinal() - 1]);
  }

  private void change(LoadStep next) {
    step = next;
    easySinceNanos = NanoTime.NEVER;
    possibleSinceNanos = NanoTime.NEVER;
  }
}
