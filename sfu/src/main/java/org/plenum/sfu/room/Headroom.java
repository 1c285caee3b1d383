package org.plenum.sfu.room;

import java.util.List;
import org.plenum.sfu.allocation.SlotAllocation;
import org.plenum.sfu.allocation.SlotDemand;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.TrackSink;

/// What a viewer's bandwidth leaves beside what was given out: tells each slot how much of the next
/// better layer it would carry, if that one took no more, so that its publisher can be asked to
/// encode no more ([TrackSink#roomFor]). Worker's thread only.
///
/// @param slots of video that carry something
/// @param choices what there is for each
/// @param demands what each would like
/// @param given what each got
record Headroom(
    List<Slot> slots, List<Choices> choices, List<SlotDemand> demands, List<SlotAllocation> given) {
  /// Nothing is known of the bandwidth.
  static final long UNKNOWN = Long.MIN_VALUE;

  /// Of the estimate, this part stays free: with less, nobody is given a better layer.
  private static final int FREE = 8;

  /// And this part where the layer is the one that is carried.
  private static final int FREE_ONCE_CARRIED = 12;

  /// @param spareBps what the estimate leaves, less than nothing if too much was given out, or
  ///     UNKNOWN
  void tell(long spareBps, long estimateBps) {
    int sharing = 0;
    for (int i = 0; i < slots.size(); i++) {
      if (isShort(i)) {
        sharing++;
      }
    }
    for (int i = 0; i < slots.size(); i++) {
      int layer = given.get(i).layer();
      if (spareBps == UNKNOWN || layer < 0) {
        slots.get(i).roomFor(null, 0);
      } else {
        int free = isCeiling(i) ? FREE_ONCE_CARRIED : FREE;
        long eachBps = (spareBps - estimateBps / free) / Math.max(1, sharing);
        long hasBps = demands.get(i).layers().get(layer).bitrateBps();
        long roomBps = isShort(i) ? Math.max(0, hasBps + eachBps) : TrackSink.UNLIMITED;
        slots.get(i).roomFor(next(i), roomBps);
      }
    }
  }

  private Layer next(int slot) {
    return isCeiling(slot)
        ? carried(slot)
        : choices.get(slot).next(given.get(slot).layer(), given.get(slot).wanted());
  }

  /// Whether it gets less than it wants, or only so much because its publisher was asked to encode
  /// no more.
  private boolean isShort(int slot) {
    return given.get(slot).layer() >= 0 && (given.get(slot).isLimited() || isCeiling(slot));
  }

  /// Whether its publisher was asked to encode no more of what it carries.
  private boolean isCeiling(int slot) {
    return carried(slot).ceilingBps() != TrackSink.UNLIMITED;
  }

  private Layer carried(int slot) {
    return choices.get(slot).get(given.get(slot).layer()).layer();
  }
}
