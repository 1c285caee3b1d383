package org.plenum.cluster.directory;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The rules of ownership under random schedules of claims, moves, splits, merges and crashes.
class DirectorySimulationTest {
  private static final int FEW = 5_000;
  private static final int MANY = 100_000;
  private static final int STEPS = 40;

  @Test
  void eachRoomHasOneOwnerOnceAllIsQuiet() {
    run(0, FEW);
  }

  @Test
  @Tag("slow")
  void inEachOfManySchedules() {
    run(FEW, MANY);
  }

  private static void run(int from, int to) {
    for (int seed = from; seed < to; seed++) {
      try {
        play(model(seed, false));
      } catch (AssertionError | RuntimeException e) {
        fail("schedule " + seed + ": " + e.getMessage() + "\n" + historyOf(seed), e);
      }
    }
  }

  private static DirectoryModel model(int seed, boolean told) {
    return new DirectoryModel(seed, seed % 2 == 0 ? 3 : 5, told);
  }

  private static void play(DirectoryModel model) {
    for (int i = 0; i < STEPS; i++) {
      model.step();
    }
    model.rest();
  }

  /// The same schedule again, told.
  private static String historyOf(int seed) {
    DirectoryModel model = model(seed, true);
    try {
      play(model);
    } catch (AssertionError | RuntimeException e) {
      return model.history();
    }
    return "it did not fail again";
  }
}
