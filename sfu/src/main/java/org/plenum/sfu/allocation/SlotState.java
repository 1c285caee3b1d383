package org.plenum.sfu.allocation;

import org.plenum.ice.NanoTime;

/// What the allocator has to remember of a slot from one call to the next, so that nothing flaps.
///
/// @param layer what it had last: an index, or one of the constants of [SlotAllocation]
/// @param sinceNanos since when
/// @param raisedNanos when it got more the last time; [NanoTime#NEVER] if it was lowered since
/// @param roomSinceNanos since when there has been room for more; [NanoTime#NEVER] if there is not
/// @param holdNanos how long there must be room before it gets more
/// @param limited whether bandwidth kept it below what it wanted
/// @param tier how much it mattered
public record SlotState(
    int layer,
    long sinceNanos,
    long raisedNanos,
    long roomSinceNanos,
    long holdNanos,
    boolean limited,
    int tier) {
  /// Two estimates in a row, rather than one that may have been a whim.
  static final long FIRST_HOLD_NANOS = 200_000_000L;

  /// After it had to be lowered for want of bandwidth.
  static final long HOLD_NANOS = 1_000_000_000L;

  /// The longest wait, if one attempt after the other failed.
  static final long MOST_HOLD_NANOS = 16_000_000_000L;

  /// An attempt that lasted for so long has not failed.
  static final long SETTLED_NANOS = 10_000_000_000L;

  /// After so long without a change, what was before does not count any more.
  static final long CALM_NANOS = 30_000_000_000L;

  private static final int UNDECIDED = SlotAllocation.NOTHING;

  /// A slot that nothing was decided about yet: it gets what there is at once.
  public static final SlotState FRESH =
      new SlotState(
          UNDECIDED, 0, NanoTime.NEVER, NanoTime.NEVER, FIRST_HOLD_NANOS, false, Integer.MAX_VALUE);

  /// The same, after the list of layers on offer has changed: its layer is at another index now.
  public SlotState at(int index) {
    return new SlotState(index, sinceNanos, raisedNanos, roomSinceNanos, holdNanos, limited, tier);
  }

  boolean isFresh() {
    return layer == UNDECIDED;
  }

  /// Whether a layer that there is room for must still wait.
  ///
  /// @param tierNow how much the slot matters now
  /// @param isAmple whether there is room for more than one step: then it is not the attempt again
  ///     that failed
  boolean isHeldBack(int tierNow, boolean isAmple, long nowNanos) {
    boolean forOtherReasons = !limited || tierNow < tier;
    return !isFresh()
        && !forOtherReasons
        && (roomSinceNanos == NanoTime.NEVER
            || nowNanos - roomSinceNanos < waitNanos(isAmple, nowNanos));
  }

  private long waitNanos(boolean isAmple, long nowNanos) {
    if (nowNanos - sinceNanos >= CALM_NANOS) {
      return FIRST_HOLD_NANOS;
    }
    return isAmple ? Math.min(holdNanos, HOLD_NANOS) : holdNanos;
  }

  /// The state after a decision.
  ///
  /// @param next the layer that was given
  /// @param room whether there was room for more
  SlotState after(int next, int wanted, boolean room, int tierNow, long nowNanos) {
    if (next == UNDECIDED) {
      return FRESH;
    }
    boolean limitedNow = next < wanted;
    if (next == layer) {
      long roomSince = roomSinceNanos == NanoTime.NEVER ? nowNanos : roomSinceNanos;
      return new SlotState(
          next,
          sinceNanos,
          raisedNanos,
          room ? roomSince : NanoTime.NEVER,
          holdNanos,
          limitedNow,
          tierNow);
    }
    boolean lowered = !isFresh() && next < layer && limitedNow;
    return new SlotState(
        next,
        nowNanos,
        next > layer ? nowNanos : NanoTime.NEVER,
        room ? nowNanos : NanoTime.NEVER,
        lowered ? holdAfterFailure(nowNanos) : holdNanos,
        limitedNow,
        tierNow);
  }

  /// An attempt that failed soon is repeated later each time.
  private long holdAfterFailure(long nowNanos) {
    boolean failedSoon = raisedNanos != NanoTime.NEVER && nowNanos - raisedNanos < SETTLED_NANOS;
    boolean falling = raisedNanos == NanoTime.NEVER && nowNanos - sinceNanos < SETTLED_NANOS;
    if (falling) {
      return Math.max(holdNanos, HOLD_NANOS);
    }
    return failedSoon ? Math.clamp(2 * holdNanos, HOLD_NANOS, MOST_HOLD_NANOS) : HOLD_NANOS;
  }
}
