package org.plenum.sfu.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.sfu.allocation.SlotAllocation.PAUSED;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.plenum.sfu.Mid;

/// What holds for any page, any ladders and any budget.
class AllocatorPropertyTest {
  private static final int KILO = 1_000;
  private static final long MILLI = 1_000_000;

  @Provide
  Arbitrary<List<LayerOffer>> ladder() {
    Arbitrary<Integer> lowest = Arbitraries.integers().between(50, 400);
    Arbitrary<List<Double>> factors = Arbitraries.doubles().between(1.3, 4).list().ofMaxSize(8);
    return Combinators.combine(lowest, factors).as(AllocatorPropertyTest::ladder);
  }

  private static List<LayerOffer> ladder(int lowestKbps, List<Double> factors) {
    List<LayerOffer> offers = new ArrayList<>();
    double kbps = lowestKbps;
    for (int i = 0; i <= factors.size(); i++) {
      offers.add(
          new LayerOffer((int) Math.min(kbps * KILO, 20e6 + i), 90 << i / 2, 15 * (1 + i % 2)));
      kbps *= i < factors.size() ? factors.get(i) : 1;
    }
    return offers;
  }

  @Provide
  Arbitrary<List<SlotDemand>> page() {
    return slot(ladder()).list().ofMaxSize(12);
  }

  /// All offer and want the same.
  @Provide
  Arbitrary<List<SlotDemand>> evenPage() {
    return ladder()
        .flatMap(
            ladder ->
                slot(Arbitraries.just(ladder))
                    .map(slot -> Demands.shown(slot, 720))
                    .list()
                    .ofMaxSize(12));
  }

  private static Arbitrary<SlotDemand> slot(Arbitrary<List<LayerOffer>> ladders) {
    return Combinators.combine(
            Arbitraries.of(false, false, false, true),
            Arbitraries.of(false, false, false, true),
            Arbitraries.of(0, 1, 2, SlotDemand.NO_SPEAKER, SlotDemand.NO_SPEAKER),
            Arbitraries.of(0, 90, 180, 360, 720, 1440),
            ladders)
        .as(
            (screen, pinned, rank, height, ladder) ->
                new SlotDemand(
                    new Mid("v"), screen, pinned, rank, height, ladder, SlotState.FRESH));
  }

  private static Allocation allocate(int kbps, List<SlotDemand> page) {
    return Allocator.allocate((long) kbps * KILO, 0, page, 0);
  }

  /// Of so many pictures, those are kept that matter most, and get no less than they would alone.
  @Property
  void noMorePicturesThanMayBeAndTheMostImportantOnes(
      @ForAll("page") List<SlotDemand> page,
      @ForAll @IntRange(min = 0, max = 20_000) int kbps,
      @ForAll @IntRange(min = 0, max = 3) int most) {
    Allocation allocation = Allocator.allocate((long) kbps * KILO, 0, page, most, 0);
    List<Integer> shown =
        byImportance(page).stream().filter(i -> page.get(i).wanted() > PAUSED).toList();
    List<SlotDemand> kept = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      SlotAllocation given = allocation.slots().get(shown.get(i));
      assertEquals(i >= most, given.shed());
      if (i < most) {
        kept.add(page.get(shown.get(i)));
      } else {
        assertEquals(PAUSED, given.layer());
      }
    }
    List<Integer> alone = Demands.layers(allocate(kbps, kept));
    for (int i = 0; i < kept.size(); i++) {
      assertEquals(alone.get(i), allocation.slots().get(shown.get(i)).layer());
    }
  }

  private static List<Integer> byImportance(List<SlotDemand> page) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < page.size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> page.get(a).compareImportance(page.get(b)));
    return order;
  }

  private static boolean isShown(Allocation all, int slot) {
    return all.slots().get(slot).layer() >= 0;
  }

  private static long floorBps(SlotDemand demand) {
    return demand.bitrateBps(demand.stepAbove(PAUSED, demand.wanted()));
  }

  @Property(seed = "1", tries = 300)
  void neverAboveTheBudgetNorAboveWhatIsWanted(
      @ForAll("page") List<SlotDemand> page, @ForAll @IntRange(max = 30_000) int kbps) {
    Allocation all = allocate(kbps, page);
    long sum = 0;
    for (int i = 0; i < page.size(); i++) {
      SlotAllocation slot = all.slots().get(i);
      assertEquals(page.get(i).wanted(), slot.wanted());
      assertTrue(slot.layer() <= slot.wanted());
      sum += page.get(i).bitrateBps(slot.layer());
    }
    assertEquals(sum, all.totalBps());
    assertTrue(sum <= (long) kbps * KILO);
    assertTrue(sum <= all.demandBps());
  }

  @Property(seed = "2", tries = 300)
  void theSameQuestionHasTheSameAnswer(
      @ForAll("page") List<SlotDemand> page, @ForAll @IntRange(max = 30_000) int kbps) {
    assertEquals(allocate(kbps, page), allocate(kbps, List.copyOf(page)));
  }

  @Property(seed = "3", tries = 300)
  void moreBudgetNeverTakesFromTheMoreImportant(
      @ForAll("page") List<SlotDemand> page,
      @ForAll @IntRange(max = 20_000) int kbps,
      @ForAll @IntRange(max = 5_000) int moreKbps) {
    Allocation less = allocate(kbps, page);
    Allocation more = allocate(kbps + moreKbps, page);
    assertTrue(more.totalBps() >= less.totalBps());
    for (int slot : byImportance(page)) {
      if (isShown(less, slot) != isShown(more, slot)) {
        assertTrue(isShown(more, slot));
        return;
      }
    }
    for (int slot : byImportance(page)) {
      int difference = more.slots().get(slot).layer() - less.slots().get(slot).layer();
      if (page.get(slot).isFeatured() && difference != 0) {
        assertTrue(difference > 0);
        return;
      }
    }
  }

  @Property(seed = "4", tries = 300)
  void amongEqualsNobodyLosesByMoreBudgetAndTheImportantHaveMost(
      @ForAll("evenPage") List<SlotDemand> page,
      @ForAll @IntRange(max = 20_000) int kbps,
      @ForAll @IntRange(max = 5_000) int moreKbps) {
    Allocation less = allocate(kbps, page);
    Allocation more = allocate(kbps + moreKbps, page);
    int before = Integer.MAX_VALUE;
    for (int slot : byImportance(page)) {
      int layer = less.slots().get(slot).layer();
      assertTrue(isShown(more, slot) || !isShown(less, slot));
      assertTrue(layer <= before);
      before = layer;
    }
  }

  @Property(seed = "5", tries = 300)
  void nobodyIsPausedWhoseLowestLayerFitsBesideThoseOfTheMoreImportant(
      @ForAll("page") List<SlotDemand> page, @ForAll @IntRange(max = 5_000) int kbps) {
    Allocation all = allocate(kbps, page);
    long floors = 0;
    for (int slot : byImportance(page)) {
      if (page.get(slot).wanted() < 0) {
        continue;
      }
      long floor = floorBps(page.get(slot));
      if (isShown(all, slot)) {
        floors += floor;
      } else {
        assertTrue(floors + floor > (long) kbps * KILO);
      }
    }
  }

  @Property(seed = "6", tries = 300)
  void theNextStepIsTheSmallestBudgetThatChangesSomething(
      @ForAll("page") List<SlotDemand> page, @ForAll @IntRange(max = 20_000) int kbps) {
    Allocation all = allocate(kbps, page);
    long next = all.nextStepBps();
    if (next == Long.MAX_VALUE) {
      assertEquals(all.demandBps(), allocate(Integer.MAX_VALUE, page).totalBps(), 1);
      return;
    }
    assertTrue(next > (long) kbps * KILO);
    assertEquals(Demands.layers(all), Demands.layers(Allocator.allocate(next - 1, 0, page, 0)));
    assertTrue(!Demands.layers(all).equals(Demands.layers(Allocator.allocate(next, 0, page, 0))));
  }

  @Property(seed = "7", tries = 300)
  void theNextStepKnowsTheMarginToo(
      @ForAll("page") List<SlotDemand> page, @ForAll @IntRange(max = 20_000) int kbps) {
    List<SlotDemand> later = Demands.after(page, allocate(kbps, page));
    long long_ = 60_000 * MILLI;
    Allocation now = Allocator.allocate((long) kbps * KILO, 0, later, MILLI);
    long next = now.nextStepBps();
    if (next != Long.MAX_VALUE) {
      assertEquals(Demands.layers(now), settled(later, next - 1, long_));
      assertTrue(!Demands.layers(now).equals(settled(later, next, long_)));
    }
  }

  /// The layers after a budget has been the same for so long.
  private static List<Integer> settled(List<SlotDemand> page, long budgetBps, long nanos) {
    Allocation all = Allocator.allocate(budgetBps, 0, page, 2 * MILLI);
    return Demands.layers(
        Allocator.allocate(budgetBps, 0, Demands.after(page, all), 2 * MILLI + nanos));
  }

  /// Budget and bitrates by 2 % each, four times a second: together four kinds of moments, each of
  /// which comes often.
  @Property(seed = "8", tries = 60)
  void jitterDoesNotMakeItFlap(
      @ForAll("page") List<SlotDemand> page,
      @ForAll @IntRange(max = 20_000) int kbps,
      @ForAll long seed) {
    var random = new Random(seed);
    List<SlotDemand> now = page;
    List<Integer> settled = List.of();
    int layers = page.stream().mapToInt(slot -> slot.layers().size()).sum();
    int changes = 0;
    for (int step = 0; step < 480; step++) {
      double factor = random.nextBoolean() ? 0.98 : 1.02;
      List<SlotDemand> measured = now.stream().map(slot -> times(slot, factor)).toList();
      long budgetBps = kbps * 10L * (random.nextBoolean() ? 98 : 102);
      Allocation all = Allocator.allocate(budgetBps, 0, measured, step * 250 * MILLI);
      assertTrue(all.totalBps() <= budgetBps);
      changes += step > 0 && !Demands.layers(all).equals(settled) ? 1 : 0;
      assertTrue(step < 240 || Demands.layers(all).equals(settled), "changed after a minute");
      settled = Demands.layers(all);
      now = Demands.after(page, all);
    }
    assertTrue(changes <= 2 * layers, changes + " changes");
  }

  private static SlotDemand times(SlotDemand slot, double factor) {
    return Demands.offering(
        slot,
        slot.layers().stream()
            .map(
                layer ->
                    new LayerOffer(
                        (int) (layer.bitrateBps() * factor),
                        layer.height(),
                        layer.framesPerSecond()))
            .toList());
  }

  @Property(seed = "9", tries = 60)
  void whateverHappensItStaysWithinTheBudget(
      @ForAll("page") List<SlotDemand> page, @ForAll long seed) {
    var random = new Random(seed);
    List<SlotDemand> now = page;
    for (int step = 0; step < 200; step++) {
      long budgetBps = random.nextLong(10_000_000);
      Allocation all = Allocator.allocate(budgetBps, 0, now, step * 250 * MILLI);
      assertTrue(all.totalBps() <= budgetBps);
      now =
          Demands.after(now, all).stream()
              .map(
                  slot ->
                      random.nextInt(8) == 0
                          ? Demands.speaker(
                              Demands.shown(slot, 90 * random.nextInt(9)), random.nextInt(3))
                          : slot)
              .toList();
    }
  }
}
