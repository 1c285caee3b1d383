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

  /// And this part where the layer is the one that is carried: its picture may move at any time.
  private static final int FREE_ONCE_CARRIED = 12;

  /// @param spareBps what the estimate leaves, less than nothing if too much was given out, or
  ///     UNKNOWN
  void tell(long spareBps, long estimateBps, long nowNanos) {
    int sharing = 0;
    for (int i = 0; i < slots.size(); i++) {
      if (isShort(i)) {
        sharing++;
      }
    }
    for (int i = 0; i < slots.size(); i++) {
      if (spareBps == UNKNOWN || given.get(i).layer() < 0) {
        slots.get(i).roomFor(null, 0);
      } else if (!isShort(i)) {
        slots.get(i).roomFor(carried(i), TrackSink.UNLIMITED);
      } else {
        tell(i, spareBps / Math.max(1, sharing), estimateBps / Math.max(1, sharing), nowNanos);
      }
    }
  }

  private void tell(int slot, long spareBps, long estimateBps, long nowNanos) {
    long hasBps = demands.get(slot).layers().get(given.get(slot).layer()).bitrateBps();
    long onceCarriedBps = hasBps + spareBps - estimateBps / FREE_ONCE_CARRIED;
    boolean isTooMuch = isCeiling(slot) || carried(slot).peakBps(nowNanos) > onceCarriedBps;
    Layer next = choices.get(slot).next(given.get(slot).layer(), given.get(slot).wanted());
    if (isTooMuch || next == carried(slot)) {
      slots.get(slot).roomFor(carried(slot), Math.max(0, onceCarriedBps));
    } else {
      long roomBps = hasBps + spareBps - estimateBps / FREE;
      slots.get(slot).roomFor(next, Math.max(0, roomBps));
    }
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
