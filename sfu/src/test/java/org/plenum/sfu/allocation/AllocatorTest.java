package org.plenum.sfu.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.allocation.Demands.layers;
import static org.plenum.sfu.allocation.Demands.offering;
import static org.plenum.sfu.allocation.Demands.pinned;
import static org.plenum.sfu.allocation.Demands.screen;
import static org.plenum.sfu.allocation.Demands.shown;
import static org.plenum.sfu.allocation.Demands.speaker;
import static org.plenum.sfu.allocation.Demands.tile;
import static org.plenum.sfu.allocation.Demands.tiles;
import static org.plenum.sfu.allocation.SlotAllocation.NOTHING;
import static org.plenum.sfu.allocation.SlotAllocation.PAUSED;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who gets which layer of what there is.
class AllocatorTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final int KILO = 1_000;
  private static final long SOUND = 40 * KILO;

  private static Allocation allocate(long budgetKbps, SlotDemand... demands) {
    return Allocator.allocate(budgetKbps * KILO, SOUND, List.of(demands), 0);
  }

  @Test
  void whatFitsIsGivenWhole() {
    Allocation all = allocate(10_000, tile(0, 720), tile(1, 360), tile(2, 180));
    assertEquals(List.of(2, 1, 0), layers(all));
    assertEquals((1_500 + 500 + 150) * KILO + SOUND, all.totalBps());
    assertEquals(all.totalBps(), all.demandBps());
    assertEquals(Long.MAX_VALUE, all.nextStepBps());
    assertEquals(0, all.nextStepCostBps());
    assertFalse(all.slots().getFirst().isLimited());
  }

  @Test
  void soundComesFirst() {
    assertEquals(List.of(0), layers(allocate(190, tile(0, 720))));
    assertEquals(List.of(PAUSED), layers(allocate(189, tile(0, 720))));
    assertEquals(SOUND, allocate(0, tile(0, 720)).totalBps());
    assertEquals(SOUND, allocate(-1, tile(0, 720)).totalBps());
  }

  @Test
  void everybodyGetsTheLowestLayerBeforeAnybodyGetsMore() {
    assertEquals(
        List.of(0, 0, 0, 0), layers(allocate(980, tiles(4, 720).toArray(SlotDemand[]::new))));
  }

  @Test
  void equalsAreRaisedTogether() {
    SlotDemand[] four = tiles(4, 720).toArray(SlotDemand[]::new);
    assertEquals(List.of(1, 0, 0, 0), layers(allocate(990, four)));
    assertEquals(List.of(1, 1, 1, 0), layers(allocate(1_690, four)));
    assertEquals(List.of(1, 1, 1, 1), layers(allocate(3_039, four)));
    assertEquals(List.of(2, 1, 1, 1), layers(allocate(3_040, four)));
  }

  @Test
  void pinnedThenScreenThenSpeakerGoFirst() {
    SlotDemand[] slots = {
      tile(0, 720), speaker(tile(1, 720), 0), screen(tile(2, 720)), pinned(tile(3, 720))
    };
    assertEquals(List.of(0, 0, 0, 1), layers(allocate(1_200, slots)));
    assertEquals(List.of(0, 0, 0, 2), layers(allocate(2_000, slots)));
    assertEquals(List.of(0, 0, 1, 2), layers(allocate(2_350, slots)));
    assertEquals(List.of(0, 1, 2, 2), layers(allocate(3_700, slots)));
    assertEquals(List.of(1, 2, 2, 2), layers(allocate(5_100, slots)));
  }

  @Test
  void theLeastImportantArePausedFirst() {
    SlotDemand[] slots = {
      tile(0, 180), shown(tile(1, 360), 360), speaker(tile(2, 180), 2), speaker(tile(3, 180), 0)
    };
    assertEquals(List.of(PAUSED, 0, 0, 0), layers(allocate(500, slots)));
    assertEquals(List.of(PAUSED, PAUSED, 0, 0), layers(allocate(340, slots)));
    assertEquals(List.of(PAUSED, PAUSED, PAUSED, 0), layers(allocate(339, slots)));
  }

  @Test
  void oneThatIsTooDearDoesNotTakeTheOthersWithIt() {
    SlotDemand dear = screen(offering(tile(0, 1080), List.of(new LayerOffer(2_500_000, 1080, 30))));
    assertEquals(List.of(PAUSED, 1, 0), layers(allocate(740, dear, tile(1, 360), tile(2, 360))));
    assertEquals(
        List.of(0, PAUSED, 0),
        layers(
            allocate(
                2_700,
                dear,
                offering(tile(1, 360), List.of(new LayerOffer(200_000, 360, 30))),
                tile(2, 360))));
  }

  @Test
  void theWantedLayerIsTheLargestThatIsNotHigherThanShown() {
    assertEquals(NOTHING, tile(0, 0).wanted());
    assertEquals(0, tile(0, 90).wanted());
    assertEquals(0, tile(0, 359).wanted());
    assertEquals(1, tile(0, 360).wanted());
    assertEquals(2, tile(0, Integer.MAX_VALUE).wanted());
    assertEquals(NOTHING, offering(tile(0, 720), List.of()).wanted());
  }

  @Test
  void ofTheSmallestPictureAllTemporalLayersAreWanted() {
    List<LayerOffer> svc =
        List.of(
            new LayerOffer(80_000, 180, 10),
            new LayerOffer(150_000, 180, 20),
            new LayerOffer(300_000, 360, 10),
            new LayerOffer(500_000, 360, 20));
    assertEquals(1, offering(tile(0, 100), svc).wanted());
    assertEquals(3, offering(tile(0, 400), svc).wanted());
    assertEquals(List.of(2), layers(allocate(499, offering(tile(0, 400), svc))));
  }

  @Test
  void anUnknownHeightIsTakenForLow() {
    List<LayerOffer> unknown =
        List.of(new LayerOffer(100_000, 0, 0), new LayerOffer(900_000, 0, 0));
    assertEquals(1, offering(tile(0, 180), unknown).wanted());
  }

  @Test
  void aLayerThatABetterOneUndercutsIsPassedOver() {
    List<LayerOffer> odd =
        List.of(
            new LayerOffer(300_000, 180, 20),
            new LayerOffer(200_000, 360, 20),
            new LayerOffer(800_000, 720, 20));
    assertEquals(List.of(1), layers(allocate(250, offering(tile(0, 720), odd))));
    assertEquals(List.of(0), layers(allocate(350, offering(tile(0, 180), odd))));
  }

  @Test
  void hiddenTilesCostNothing() {
    Allocation all = allocate(10_000, tile(0, 0), offering(tile(1, 720), List.of()));
    assertEquals(List.of(NOTHING, NOTHING), layers(all));
    assertEquals(SOUND, all.totalBps());
    assertEquals(SOUND, all.demandBps());
    assertFalse(all.slots().getFirst().isLimited());
  }

  @Test
  void aBudgetWithoutBoundIsNone() {
    assertEquals(
        List.of(2), layers(Allocator.allocate(Long.MAX_VALUE, 0, List.of(tile(0, 720)), 0)));
  }

  @Test
  void offersAreNotNegative() {
    assertThrows(IllegalStateException.class, () -> new LayerOffer(-1, 180, 20));
  }

  /// A viewer over time: state goes round.
  private static final class Viewer {
    private List<SlotDemand> demands;
    private long nowNanos;
    private final List<List<Integer>> history = new ArrayList<>();

    Viewer(long startNanos, SlotDemand... demands) {
      this.demands = List.of(demands);
      nowNanos = startNanos;
    }

    /// Every 100 ms at this budget.
    List<Integer> pass(long nanos, long budgetKbps) {
      for (long passed = 0; passed < nanos; passed += 100 * MILLI) {
        Allocation all = Allocator.allocate(budgetKbps * KILO, SOUND, demands, nowNanos);
        history.add(layers(all));
        demands = Demands.after(demands, all);
        nowNanos += 100 * MILLI;
      }
      return history.getLast();
    }

    int changes() {
      int changes = 0;
      for (int i = 1; i < history.size(); i++) {
        changes += history.get(i).equals(history.get(i - 1)) ? 0 : 1;
      }
      return changes;
    }

    void replace(int slot, SlotDemand demand) {
      List<SlotDemand> next = new ArrayList<>(demands);
      next.set(slot, Demands.in(demand, demands.get(slot).state()));
      demands = next;
    }
  }

  @Test
  void downAtOnceAndUpWithinTwoSecondsOfRoom() {
    // The monotonic clock may be about to wrap.
    var viewer = new Viewer(Long.MAX_VALUE - 25 * SECOND, tile(0, 720));
    assertEquals(List.of(2), viewer.pass(20 * SECOND, 3_000));
    assertEquals(List.of(0), viewer.pass(100 * MILLI, 500));
    assertEquals(List.of(0), viewer.pass(20 * SECOND, 500));
    assertEquals(List.of(0), viewer.pass(500 * MILLI, 3_000));
    assertEquals(List.of(2), viewer.pass(1_500 * MILLI, 3_000));
  }

  @Test
  void atTheStartTwoEstimatesInARowAreEnough() {
    var viewer = new Viewer(0, tile(0, 720));
    assertEquals(List.of(0), viewer.pass(300 * MILLI, 300));
    assertEquals(List.of(0), viewer.pass(200 * MILLI, 3_000));
    assertEquals(List.of(2), viewer.pass(100 * MILLI, 3_000));
  }

  @Test
  void upOnlyByAMargin() {
    var viewer = new Viewer(0, tile(0, 720));
    viewer.pass(SECOND, 500);
    assertEquals(List.of(0), viewer.pass(60 * SECOND, 540));
    assertEquals(List.of(0), viewer.pass(60 * SECOND, 594));
    assertEquals(List.of(1), viewer.pass(2 * SECOND, 596));
    assertEquals(List.of(1), viewer.pass(60 * SECOND, 540));
    assertEquals(List.of(0), viewer.pass(100 * MILLI, 539));
  }

  @Test
  void attemptsThatFailBecomeRarer() {
    var viewer = new Viewer(0, tile(0, 720));
    viewer.pass(SECOND, 500);
    // Whenever it has had 360p for a second, the network does not carry it.
    int attempts = 0;
    for (int i = 0; i < 1_200; i++) {
      viewer.pass(100 * MILLI, 700);
      if (viewer.history.getLast().equals(List.of(1))) {
        attempts++;
        viewer.pass(SECOND, 700);
        viewer.pass(100 * MILLI, 300);
      }
    }
    assertTrue(attempts >= 5 && attempts <= 12, attempts + " attempts in two minutes");
  }

  @Test
  void aPausedTileComesBackOnlyByAMargin() {
    var viewer = new Viewer(0, speaker(tile(0, 180), 0), tile(1, 180));
    assertEquals(List.of(0, 0), viewer.pass(SECOND, 340));
    for (int i = 0; i < 100; i++) {
      assertEquals(List.of(0, PAUSED), viewer.pass(100 * MILLI, 335));
      assertEquals(List.of(0, PAUSED), viewer.pass(100 * MILLI, 345));
    }
    assertEquals(List.of(0, 0), viewer.pass(17 * SECOND, 400));
  }

  @Test
  void aLargerTileIsGivenMoreAtOnce() {
    var viewer = new Viewer(0, tile(0, 180), tile(1, 180));
    assertEquals(List.of(0, 0), viewer.pass(SECOND, 3_000));
    viewer.replace(1, tile(1, 720));
    assertEquals(List.of(0, 2), viewer.pass(100 * MILLI, 3_000));
    viewer.replace(1, tile(1, 180));
    assertEquals(List.of(0, 0), viewer.pass(100 * MILLI, 3_000));
  }

  @Test
  void whoBecomesTheSpeakerIsGivenMoreAtOnceAtTheCostOfTheFormer() {
    var viewer = new Viewer(0, speaker(tile(0, 720), 0), tile(1, 720));
    assertEquals(List.of(2, 0), viewer.pass(5 * SECOND, 2_000));
    viewer.replace(0, speaker(tile(0, 720), 1));
    viewer.replace(1, speaker(tile(1, 720), 0));
    assertEquals(List.of(0, 2), viewer.pass(100 * MILLI, 2_000));
    assertEquals(1, viewer.changes());
  }

  @Test
  void whoWaitsDoesNotLendTheRoomToOthers() {
    var viewer = new Viewer(0, speaker(tile(0, 720), 0), tile(1, 720));
    viewer.pass(20 * SECOND, 3_000);
    viewer.pass(20 * SECOND, 500);
    int before = viewer.changes();
    assertEquals(List.of(2, 1), viewer.pass(10 * SECOND, 2_500));
    assertEquals(before + 1, viewer.changes());
  }

  @Test
  void aLayerAtAnotherIndexIsStillTheSame() {
    Allocation first = allocate(600, tile(0, 720));
    SlotState moved = first.slots().getFirst().state().at(0);
    SlotDemand fewer = offering(tile(0, 720), Demands.CAMERA.subList(1, 3));
    assertEquals(List.of(0), layers(allocate(545, Demands.in(fewer, moved))));
  }
}
