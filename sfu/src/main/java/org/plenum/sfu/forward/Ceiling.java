package org.plenum.sfu.forward;

/// How much of a layer its publisher is to encode, so that somebody whose bandwidth lies between
/// two layers gets all of it: a picture of 500 kb/s that nobody's link carries is worth nothing,
/// the same picture with 400 kb/s is. Only where nobody has room for more; nobody's picture is made
/// worse for another's network. One thread, no clock.
final class Ceiling {
  /// No limit but the publisher's own.
  static final long NONE = Long.MAX_VALUE;

  /// Bandwidth that was just found, or lost, is not what it will be.
  private static final long PATIENCE_NANOS = 1_500_000_000L;

  /// A picture with less than this part of what it was meant to take is not worth having: the next
  /// smaller one is sharper.
  private static final double LEAST_PART = 0.6;

  private static final double OF_SMALLER = 1.5;

  /// What begins gets this part of the room at first, for it begins with a key frame.
  private static final double PART_AT_FIRST = 0.85;

  /// With room for so much more than the ceiling, it is raised; with so much less, lowered.
  private static final double STEP = 0.07;

  /// What is missing of the whole, when it might as well be sent.
  private static final double NEARLY_ALL = 0.95;

  private long bps = NONE;
  private long nominalBps;
  private boolean waiting;
  private long waitingSince;
  private long leastWanted;

  /// bit/s, or NONE
  long bps() {
    return bps;
  }

  /// Finds out what it should be.
  ///
  /// @param roomBps what the viewer with the most bandwidth left could be sent of it, among those
  ///     who would get it; 0 if nobody would, [TrackSink#UNLIMITED] if somebody's bandwidth is no
  ///     matter
  /// @param rateBps what it takes now
  /// @param smallerBps what the next smaller layer takes
  /// @param isBeginning whether nothing comes of it yet: then nobody's picture gets worse, and
  ///     there is nothing to wait for
  /// @return whether the publisher is to be told
  boolean review(long roomBps, long rateBps, long smallerBps, boolean isBeginning, long nowNanos) {
    if (bps == NONE) {
      nominalBps = rateBps;
    }
    double part = isBeginning && roomBps < NEARLY_ALL * nominalBps ? PART_AT_FIRST : 1;
    long wanted = wanted((long) (part * roomBps), smallerBps);
    if (isAsGood(wanted)) {
      waiting = false;
      return false;
    }
    if (!waiting) {
      waiting = true;
      waitingSince = nowNanos;
      leastWanted = wanted;
    }
    leastWanted = Math.min(leastWanted, wanted);
    // Too much for everybody is lowered at once; the first time only what has not begun.
    boolean isLower = wanted < bps && (bps != NONE || isBeginning);
    if (!isLower && nowNanos - waitingSince < PATIENCE_NANOS) {
      return false;
    }
    waiting = false;
    bps = isLower ? wanted : leastWanted;
    return true;
  }

  /// The least that a layer is worth having with.
  ///
  /// @param nominalBps what it takes without a ceiling
  /// @param smallerBps what the next smaller layer takes
  static double leastBps(long nominalBps, long smallerBps) {
    return Math.max(LEAST_PART * nominalBps, OF_SMALLER * smallerBps);
  }

  /// The room that it takes to begin.
  ///
  /// @see #leastBps
  static double leastToBegin(long nominalBps, long smallerBps) {
    return leastBps(nominalBps, smallerBps) / PART_AT_FIRST;
  }

  private long wanted(long roomBps, long smallerBps) {
    double least = leastBps(nominalBps, smallerBps);
    boolean isOfUse = roomBps >= least && roomBps < NEARLY_ALL * nominalBps;
    return isOfUse ? roomBps : NONE;
  }

  private boolean isAsGood(long wanted) {
    if (wanted == NONE || bps == NONE) {
      return wanted == bps;
    }
    return Math.abs(wanted - bps) <= STEP * bps;
  }
}
