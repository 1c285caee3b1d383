package org.plenum.sfu.allocation;

import org.plenum.sfu.Mid;

/// What a slot gets.
///
/// @param mid the slot
/// @param layer index in [SlotDemand#layers], [#PAUSED] or [#NOTHING]
/// @param wanted index of what it would get if bandwidth were no matter, or [#NOTHING]
/// @param shed whether it carries nothing because no more than so many slots may carry something
/// @param state to be given back with the next [SlotDemand]
public record SlotAllocation(Mid mid, int layer, int wanted, boolean shed, SlotState state) {
  /// Paused for want of bandwidth.
  public static final int PAUSED = -1;

  /// Nothing to send: it is not shown, or there are no layers.
  public static final int NOTHING = -2;

  /// Whether it gets less than it would with more bandwidth.
  public boolean isLimited() {
    return layer < wanted;
  }
}
