package org.plenum.sfu.allocation;

import java.util.List;
import org.plenum.sfu.Mid;

/// What a viewer would like to see in one video slot, and what there is to choose from.
///
/// @param mid the slot
/// @param screen whether it shows a screen share
/// @param pinned whether the viewer's page gives it the most room, or the viewer has pinned it
/// @param speakerRank 0 for the dominant speaker, 1 and up for those who spoke before;
///     [#NO_SPEAKER] for others
/// @param maxHeight of the picture on the viewer's page in pixels; 0 if it is not shown
/// @param layers on offer, in ascending order of quality
/// @param state as [SlotAllocation#state] gave it the last time, [SlotState#FRESH] after another
///     track was bound
public record SlotDemand(
    Mid mid,
    boolean screen,
    boolean pinned,
    int speakerRank,
    int maxHeight,
    List<LayerOffer> layers,
    SlotState state) {
  /// Rank of somebody who has not spoken of late.
  public static final int NO_SPEAKER = Integer.MAX_VALUE;

  private static final int DOMINANT = 0;

  /// The layer that it would get if bandwidth were no matter: the best of those that are not higher
  /// than it is shown, else the best of the smallest height. [SlotAllocation#NOTHING] if there is
  /// none, or if it is not shown.
  public int wanted() {
    if (maxHeight <= 0 || layers.isEmpty()) {
      return SlotAllocation.NOTHING;
    }
    int smallest = Integer.MAX_VALUE;
    for (int i = 0; i < layers.size(); i++) {
      smallest = Math.min(smallest, layers.get(i).height());
    }
    int limit = Math.max(maxHeight, smallest);
    for (int i = layers.size() - 1; i >= 0; i--) {
      if (layers.get(i).height() <= limit) {
        return i;
      }
    }
    return SlotAllocation.NOTHING;
  }

  /// How much it matters, 0 most: pinned by the viewer, screen share, dominant speaker, somebody
  /// who spoke, the rest.
  int tier() {
    if (pinned) {
      return 0;
    }
    if (screen) {
      return 1;
    }
    if (speakerRank == DOMINANT) {
      return 2;
    }
    return speakerRank == NO_SPEAKER ? 4 : 3;
  }

  /// Whether it gets all that it wants before others get more than their lowest layer.
  boolean isFeatured() {
    return tier() <= 2;
  }

  /// Negative if this one matters more than the other.
  int compareImportance(SlotDemand other) {
    int byTier = Integer.compare(tier(), other.tier());
    if (byTier != 0) {
      return byTier;
    }
    if (screen != other.screen) {
      return screen ? -1 : 1;
    }
    int byRank = Integer.compare(speakerRank, other.speakerRank);
    return byRank != 0 ? byRank : Integer.compare(other.maxHeight, maxHeight);
  }

  /// What it takes now, bit/s; 0 if that is nothing, or is not on offer any more.
  public long carriedBps() {
    return state.layer() < layers.size() ? bitrateBps(state.layer()) : 0;
  }

  /// Bits per second of a layer; 0 for [SlotAllocation#PAUSED].
  int bitrateBps(int layer) {
    return layer < 0 ? 0 : layers.get(layer).bitrateBps();
  }

  /// Bits per second of a layer if bandwidth were no matter; 0 for [SlotAllocation#PAUSED].
  int wholeBps(int layer) {
    return layer < 0 ? 0 : layers.get(layer).wholeBps();
  }

  /// The next better layer that is worth its price, up to `limit`; one that a better one undercuts
  /// is not. -1 if there is none.
  int stepAbove(int layer, int limit) {
    int step = -1;
    int cheapest = Integer.MAX_VALUE;
    for (int i = limit; i > layer; i--) {
      if (step < 0 || bitrateBps(i) < cheapest) {
        step = i;
        cheapest = bitrateBps(i);
      }
    }
    return step;
  }

  /// Negative if the picture of a layer here is worse than that of a layer there.
  int comparePicture(int layer, SlotDemand other, int otherLayer) {
    LayerOffer mine = layers.get(layer);
    LayerOffer theirs = other.layers.get(otherLayer);
    int byHeight = Integer.compare(mine.height(), theirs.height());
    return byHeight != 0
        ? byHeight
        : Integer.compare(mine.framesPerSecond(), theirs.framesPerSecond());
  }
}
