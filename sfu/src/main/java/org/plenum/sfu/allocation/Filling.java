package org.plenum.sfu.allocation;

import java.util.List;

/// One pass over the slots that gives out a budget, step by step. What does not fit is passed over;
/// what comes later may still fit. So a larger budget first differs in a step that it allows and
/// the smaller one does not: it never takes from the more important.
final class Filling {
  private final List<SlotDemand> demands;
  private final long budgetBps;
  private final int[] order;
  private final int[] layers;
  private final int[] limits;

  /// Slots that can get no more.
  private final boolean[] done;

  /// Slots that carry nothing, because others matter more and no more than so many may.
  private final boolean[] shed;

  private long usedBps;
  private long nextStepBps = Long.MAX_VALUE;

  /// @param most slots that may carry something
  Filling(List<SlotDemand> demands, long budgetBps, int most) {
    this.demands = demands;
    this.budgetBps = budgetBps;
    order = new int[demands.size()];
    layers = new int[demands.size()];
    limits = new int[demands.size()];
    done = new boolean[demands.size()];
    shed = new boolean[demands.size()];
    for (int i = 0; i < order.length; i++) {
      limits[i] = demands.get(i).wanted();
      layers[i] = Math.min(limits[i], SlotAllocation.PAUSED);
      insert(i);
    }
    shed(most);
  }

  private void shed(int most) {
    int kept = 0;
    for (int slot : order) {
      boolean isShown = limits[slot] > SlotAllocation.PAUSED;
      shed[slot] = isShown && kept >= most;
      done[slot] = shed[slot];
      kept += isShown ? 1 : 0;
    }
  }

  /// Sorts by importance, equals in their own order; there are few.
  private void insert(int slot) {
    int at = slot;
    while (at > 0 && demands.get(slot).compareImportance(demands.get(order[at - 1])) < 0) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = slot;
  }

  /// No slot shall get more than this.
  void limit(int[] most) {
    for (int i = 0; i < limits.length; i++) {
      limits[i] = Math.min(limits[i], most[i]);
    }
  }

  void fill() {
    for (int slot : order) {
      if (!done[slot]) {
        raise(slot);
      }
    }
    for (int slot : order) {
      while (!done[slot] && demands.get(slot).isFeatured()) {
        raise(slot);
      }
    }
    for (int slot = poorest(); slot >= 0; slot = poorest()) {
      raise(slot);
    }
  }

  /// The slot with the smallest picture that may get more, the most important of several; or -1.
  private int poorest() {
    int poorest = -1;
    for (int slot : order) {
      if (!done[slot]
          && (poorest < 0
              || demands
                      .get(slot)
                      .comparePicture(layers[slot], demands.get(poorest), layers[poorest])
                  < 0)) {
        poorest = slot;
      }
    }
    return poorest;
  }

  private void raise(int slot) {
    SlotDemand demand = demands.get(slot);
    int next = demand.stepAbove(layers[slot], limits[slot]);
    if (next < 0) {
      done[slot] = true;
      return;
    }
    long wouldUseBps = usedBps + demand.bitrateBps(next) - demand.bitrateBps(layers[slot]);
    int has = demand.state().layer();
    boolean isMore = !demand.state().isFresh() && next > has;
    if (wouldUseBps <= usedBps || wouldUseBps <= (isMore ? lessMargin(budgetBps) : budgetBps)) {
      usedBps = wouldUseBps;
      layers[slot] = next;
      return;
    }
    nextStepBps = Math.min(nextStepBps, isMore ? plusMargin(wouldUseBps) : wouldUseBps);
    if (isMore && layers[slot] < has) {
      // The step led past what it has, which may still fit.
      limits[slot] = has;
      raise(slot);
    } else {
      done[slot] = true;
    }
  }

  private static long lessMargin(long bps) {
    return bps - bps / 10;
  }

  /// The smallest budget that is so much less its margin.
  private static long plusMargin(long bps) {
    return bps + (bps - 1) / 9;
  }

  int layer(int slot) {
    return layers[slot];
  }

  /// Whether it carries nothing because others matter more.
  boolean isShed(int slot) {
    return shed[slot];
  }

  long usedBps() {
    return usedBps;
  }

  /// The smallest budget that would have given somebody more; `Long.MAX_VALUE` if nobody wants it.
  long nextStepBps() {
    return nextStepBps;
  }
}
