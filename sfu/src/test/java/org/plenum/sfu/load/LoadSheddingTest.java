package org.plenum.sfu.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.plenum.sfu.LoadStep;

class LoadSheddingTest {
  private static final double LOOK = LoadShedding.INTERVAL_NANOS / 1e9;

  /// What is left to do in each step, of all there is.
  private static final double[] USUAL = {1, 1, 1, 0.6, 0.3, 0.15};

  /// A worker that has as much to do as it leaves to be done.
  private static final class SimulatedWorker {
    /// How late it is without fault.
    private static final double TICK = 0.005;

    /// What its socket holds at the most, in seconds of work.
    private static final double MOST_WAITING = 2;

    final LoadShedding shedding = new LoadShedding();
    private final double[] left;

    /// The clock wraps around in the course of a test.
    private long nowNanos = Long.MAX_VALUE - 5_000_000_000L;

    double waiting;
    double mostWaiting;
    int changes;
    double tooMuchSeconds;

    SimulatedWorker(double[] left) {
      this.left = left;
    }

    /// @param load what there would be to do, of what it can do
    void run(double seconds, double load) {
      for (double passed = 0; passed < seconds; passed += LOOK) {
        double work = waiting + load * left[step().ordinal()] * LOOK;
        waiting = Math.min(Math.max(0, work - LOOK), MOST_WAITING);
        mostWaiting = Math.max(waiting, mostWaiting);
        tooMuchSeconds += waiting > 0 ? LOOK : 0;
        look(Math.min(1, work / LOOK), TICK + waiting);
      }
    }

    void look(double busy, double late) {
      nowNanos += LoadShedding.INTERVAL_NANOS;
      LoadStep before = step();
      boolean changed = shedding.look(busy, (long) (late * 1e9), nowNanos);
      assertEquals(step() != before, changed);
      assertTrue(step().ordinal() >= before.ordinal() - 1, "back one step at a time");
      changes += changed ? 1 : 0;
    }

    LoadStep step() {
      return shedding.step();
    }
  }

  private final SimulatedWorker worker = new SimulatedWorker(USUAL);

  @Test
  void whatItCanDoItDoes() {
    worker.run(600, 0.8);
    assertEquals(0, worker.changes);
  }

  @Test
  void firstNoRoomsAreOpenedThenNobodyIsLetIn() {
    worker.run(10, 0.88);
    assertEquals(LoadStep.ROOMS, worker.step());
    worker.run(10, 0.95);
    assertEquals(LoadStep.JOINS, worker.step());
    worker.run(3, 0.6);
    assertEquals(LoadStep.NONE, worker.step());
  }

  @Test
  void aLittleTooMuchCostsTheLargestPictures() {
    worker.run(60, 1.05);
    assertEquals(LoadStep.TOP_LAYERS, worker.step());
  }

  @Test
  void threeTimesTooMuchIsGoneInASecondAndBackSoonAfter() {
    worker.run(20, 0.5);
    worker.run(1, 3);
    assertTrue(worker.step().includes(LoadStep.OTHER_PICTURES), "now " + worker.step());
    worker.run(60, 3);
    assertTrue(worker.mostWaiting < 0.6, worker.mostWaiting + " s of work lay in the socket");
    assertEquals(0, worker.waiting);
    worker.run(5, 0.5);
    assertEquals(LoadStep.NONE, worker.step());
  }

  @Test
  void aPauseCostsNobodyAPicture() {
    worker.run(10, 0.3);
    worker.look(1, 2);
    assertFalse(worker.step().includes(LoadStep.ROOMS), "now " + worker.step());
    worker.run(10, 0.3);
    assertEquals(0, worker.changes);
  }

  /// Some hundred milliseconds of all its time: somebody came, a compiler ran.
  @Test
  void aShortPeakCostsNobodyAPicture() {
    for (int i = 0; i < 20; i++) {
      worker.run(5, 0.4);
      for (int look = 0; look < 3; look++) {
        worker.look(1, 0.02);
      }
      assertFalse(worker.step().includes(LoadStep.TOP_LAYERS), "now " + worker.step());
    }
  }

  /// However much there is to do, and whatever each step saves: it settles, and does all that it
  /// can.
  @Property(tries = 300)
  void whatDoesNotChangeIsNotTriedAgainAndAgain(
      @ForAll @DoubleRange(min = 0, max = 6) double load,
      @ForAll @DoubleRange(min = 0, max = 1) double smaller,
      @ForAll @DoubleRange(min = 0, max = 1) double one,
      @ForAll @DoubleRange(min = 0, max = 1) double none) {
    double[] parts = {1, 1, 1, smaller, smaller * one, smaller * one * none};
    var worker = new SimulatedWorker(parts);
    worker.run(600, load);
    assertTrue(worker.changes < 200, worker.changes + " changes in ten minutes");
    boolean canBeDone = load * parts[LoadStep.PICTURES.ordinal()] < 0.8;
    if (canBeDone) {
      assertTrue(worker.tooMuchSeconds < 60, "too much for " + worker.tooMuchSeconds + " s of 600");
    }
    // And back, when there is nothing to do any more; by an attempt where the step left so little
    // to do that this cannot be told from before.
    worker.waiting = 0;
    worker.run(300, 0.1);
    assertEquals(LoadStep.NONE, worker.step());
  }

  /// Whatever it is told, in whatever order: sound is never left out, for there is no such step,
  /// and pictures only after some looks that say the same.
  @Property(tries = 300)
  void picturesAreNeverLeftOutAtOneLook(@ForAll long seed) {
    var random = new Random(seed);
    var worker = new SimulatedWorker(USUAL);
    double before = 0;
    for (int i = 0; i < 2_000; i++) {
      double busy = random.nextInt(4) == 0 ? random.nextDouble() : before;
      LoadStep step = worker.step();
      worker.look(busy, random.nextDouble());
      boolean more = worker.step().ordinal() > step.ordinal();
      if (more && worker.step().includes(LoadStep.TOP_LAYERS)) {
        assertTrue(busy >= 0.97 && before >= 0.97, before + " and then " + busy);
      }
      before = busy;
    }
  }
}
