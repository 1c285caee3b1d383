package org.plenum.sfu.allocation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shares a viewer's bandwidth out among its video slots. A pure function: what it has to remember
/// travels in [SlotState].
///
/// - Sound comes first and always.
/// - Every slot gets its lowest layer, the most important first; those whose lowest layer does not
///   fit any more are paused. So it is the least important that go, and one that is too dear by
///   itself does not take the others with it.
/// - What is left goes to pinned slots, screen shares and the dominant speaker, each up to what it
///   wants; then to the others, the smallest picture first.
/// - Down at once. Up if there is room by a margin, for a time that doubles with each attempt
///   that failed soon, unless there is room for more than the next step. At once if it was not for
/// want of bandwidth that a slot had less: another
///   track, a larger tile, somebody who became the speaker.
///
/// To be called some times a second for each viewer; it makes a little garbage, about 150 bytes a
/// slot. With less budget than [Allocation#totalBps] the least useful layers go first, so that is
/// how to react to a queue that grows.
public final class Allocator {
  /// As many pictures as there are.
  public static final int ALL_PICTURES = Integer.MAX_VALUE;

  private Allocator() {}

  /// For as many pictures as there are.
  public static Allocation allocate(
      long budgetBps, long soundBps, List<SlotDemand> demands, long nowNanos) {
    return allocate(budgetBps, soundBps, demands, ALL_PICTURES, nowNanos);
  }

  /// @param budgetBps for everything; less than nothing counts as nothing
  /// @param soundBps what sound takes
  /// @param demands one for each video slot; of two equally important ones the first goes first
  /// @param mostPictures how many slots carry anything, the most important ones
  public static Allocation allocate(
      long budgetBps, long soundBps, List<SlotDemand> demands, int mostPictures, long nowNanos) {
    long videoBps = Math.max(0, budgetBps - soundBps);
    var possible = new Filling(demands, videoBps, mostPictures);
    possible.fill();
    int[] limits = limits(demands, possible, nowNanos);
    if (limits == null) {
      return result(demands, soundBps, possible, possible, nowNanos);
    }
    var given = new Filling(demands, videoBps, mostPictures);
    given.limit(limits);
    given.fill();
    return result(demands, soundBps, possible, given, nowNanos);
  }

  /// Who must wait stays where it is; nobody gets what only that left over. Null if nobody must.
  private static int @Nullable [] limits(
      List<SlotDemand> demands, Filling possible, long nowNanos) {
    int[] limits = new int[demands.size()];
    boolean anyWaits = false;
    for (int i = 0; i < limits.length; i++) {
      SlotDemand demand = demands.get(i);
      int has = demand.state().layer();
      boolean isAmple = possible.layer(i) > has + 1;
      boolean waits =
          possible.layer(i) > has && demand.state().isHeldBack(demand.tier(), isAmple, nowNanos);
      limits[i] = waits ? has : Math.max(has, possible.layer(i));
      anyWaits |= waits;
    }
    return anyWaits ? limits : null;
  }

  private static Allocation result(
      List<SlotDemand> demands, long soundBps, Filling possible, Filling given, long nowNanos) {
    List<SlotAllocation> slots = new ArrayList<>(demands.size());
    long demandBps = soundBps;
    for (int i = 0; i < demands.size(); i++) {
      SlotDemand demand = demands.get(i);
      int wanted = demand.wanted();
      int layer = given.layer(i);
      boolean room = possible.layer(i) > layer;
      demandBps += given.isShed(i) ? 0 : demand.wholeBps(wanted);
      SlotState state = demand.state().after(layer, wanted, room, demand.tier(), nowNanos);
      slots.add(new SlotAllocation(demand.mid(), layer, wanted, given.isShed(i), state));
    }
    long next = possible.nextStepBps();
    return new Allocation(
        List.copyOf(slots),
        soundBps + given.usedBps(),
        demandBps,
        next == Long.MAX_VALUE ? next : next + soundBps);
  }
}
