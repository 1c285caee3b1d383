package org.plenum.sfu.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.worker.Spread.Load;

class SpreadTest {
  private final Spread spread = new Spread(100);

  private static Load idle(int count) {
    return new Load(count, false);
  }

  private static Load busy(int count) {
    return new Load(count, true);
  }

  @Test
  void theOwnerComesFirstAsLongAsItHasPlaces() {
    assertEquals(0, spread.choose(List.of(idle(0))));
    assertEquals(0, spread.choose(List.of(idle(99), idle(0))));
    assertEquals(1, spread.choose(List.of(idle(100), idle(50))));
    assertEquals(0, spread.choose(List.of(idle(3), idle(100))), "some have left");
  }

  @Test
  void whenAllAreFullAnotherIsNeeded() {
    assertEquals(Spread.NONE, spread.choose(List.of(idle(100))));
    assertEquals(Spread.NONE, spread.choose(List.of(idle(100), idle(120))));
  }

  @Test
  void aBusyWorkerTakesNobodyMoreOfARoomThatIsNotSmall() {
    assertEquals(Spread.NONE, spread.choose(List.of(busy(Spread.SMALL))));
    assertEquals(0, spread.choose(List.of(busy(Spread.SMALL - 1))));
    assertEquals(1, spread.choose(List.of(busy(60), idle(80))));
  }

  @Test
  void whereThereIsNoOtherTheFewestPeopleCount() {
    assertEquals(1, Spread.leastCrowded(List.of(idle(120), idle(110), busy(115))));
    assertEquals(0, Spread.leastCrowded(List.of(idle(5), idle(5))));
  }
}
