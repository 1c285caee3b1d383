package org.plenum.sfu.allocation;

import java.util.List;

/// How a viewer's bandwidth is shared out. All rates in bits per second, sound included.
///
/// @param slots in the order of the demands
/// @param totalBps what it comes to; above the budget only if sound alone is
/// @param demandBps what it would come to if every slot got what it wants
/// @param nextStepBps the smallest budget with which somebody would get more, or `Long.MAX_VALUE`
///     if nobody is kept short: what a probe should find out about
public record Allocation(
    List<SlotAllocation> slots, long totalBps, long demandBps, long nextStepBps) {
  /// Whether some slot gets less than it wants, be it only for a while.
  public boolean isShort() {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).isLimited()) {
        return true;
      }
    }
    return false;
  }

  /// What the next step up costs more than now, margin included; 0 if nobody is kept short.
  public long nextStepCostBps() {
    return nextStepBps == Long.MAX_VALUE ? 0 : Math.max(0, nextStepBps - totalBps);
  }
}
