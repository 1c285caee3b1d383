package org.plenum.cluster.directory;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/// The rules of ownership under random schedules of claims, moves, splits, merges and crashes.
class DirectorySimulationTest {
  private static final int SCHEDULES = 100_000;
  private static final int STEPS = 40;

  @Test
  void eachRoomHasOneOwnerOnceAllIsQuiet() {
    for (int seed = 0; seed < SCHEDULES; seed++) {
      try {
        var model = new DirectoryModel(seed, seed % 2 == 0 ? 3 : 5);
        for (int i = 0; i < STEPS; i++) {
          model.step();
        }
        model.rest();
      } catch (AssertionError | RuntimeException e) {
        fail("schedule " + seed + ": " + e.getMessage(), e);
      }
    }
  }
}
