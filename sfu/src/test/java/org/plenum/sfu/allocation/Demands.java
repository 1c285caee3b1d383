package org.plenum.sfu.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.plenum.sfu.Mid;

/// Slots as a page has them.
final class Demands {
  /// A camera with three encodings: 150, 500 and 1500 kb/s.
  static final List<LayerOffer> CAMERA =
      List.of(
          new LayerOffer(150_000, 180, 20),
          new LayerOffer(500_000, 360, 20),
          new LayerOffer(1_500_000, 720, 20));

  private Demands() {}

  static SlotDemand tile(int number, int maxHeight) {
    return new SlotDemand(
        new Mid("v" + number),
        false,
        false,
        SlotDemand.NO_SPEAKER,
        maxHeight,
        CAMERA,
        SlotState.FRESH);
  }

  static List<SlotDemand> tiles(int count, int maxHeight) {
    return IntStream.range(0, count).mapToObj(i -> tile(i, maxHeight)).toList();
  }

  static SlotDemand screen(SlotDemand demand) {
    return new SlotDemand(
        demand.mid(),
        true,
        demand.pinned(),
        demand.speakerRank(),
        demand.maxHeight(),
        demand.layers(),
        demand.state());
  }

  static SlotDemand pinned(SlotDemand demand) {
    return new SlotDemand(
        demand.mid(),
        demand.screen(),
        true,
        demand.speakerRank(),
        demand.maxHeight(),
        demand.layers(),
        demand.state());
  }

  static SlotDemand speaker(SlotDemand demand, int rank) {
    return new SlotDemand(
        demand.mid(),
        demand.screen(),
        demand.pinned(),
        rank,
        demand.maxHeight(),
        demand.layers(),
        demand.state());
  }

  static SlotDemand shown(SlotDemand demand, int maxHeight) {
    return new SlotDemand(
        demand.mid(),
        demand.screen(),
        demand.pinned(),
        demand.speakerRank(),
        maxHeight,
        demand.layers(),
        demand.state());
  }

  static SlotDemand offering(SlotDemand demand, List<LayerOffer> layers) {
    return new SlotDemand(
        demand.mid(),
        demand.screen(),
        demand.pinned(),
        demand.speakerRank(),
        demand.maxHeight(),
        layers,
        demand.state());
  }

  static SlotDemand in(SlotDemand demand, SlotState state) {
    return new SlotDemand(
        demand.mid(),
        demand.screen(),
        demand.pinned(),
        demand.speakerRank(),
        demand.maxHeight(),
        demand.layers(),
        state);
  }

  /// The same demands after an allocation.
  static List<SlotDemand> after(List<SlotDemand> demands, Allocation allocation) {
    List<SlotDemand> next = new ArrayList<>();
    for (int i = 0; i < demands.size(); i++) {
      next.add(in(demands.get(i), allocation.slots().get(i).state()));
    }
    return next;
  }

  static List<Integer> layers(Allocation allocation) {
    return allocation.slots().stream().map(SlotAllocation::layer).toList();
  }
}
