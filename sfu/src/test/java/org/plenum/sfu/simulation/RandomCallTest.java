package org.plenum.sfu.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls in which anything happens, each from a seed: [RandomCall] says what holds.
class RandomCallTest {
  private static final int STEPS = 120;
  private static final double MOST_SECONDS = 20;

  /// A minute of them.
  private static final int MANY = 200;

  /// Each of these is a call of another kind, or once found a fault.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whateverHappensInARoom(long seed) {
    assertTrue(stepsOf(seed) > STEPS / 4, "hardly anything happened");
  }

  @Test
  @Tag("slow")
  void whateverHappensInManyRooms() {
    long first = Long.getLong("plenum.seed", 1_000);
    int many = Integer.getInteger("plenum.seeds", MANY);
    for (long seed = first; seed < first + many; seed++) {
      try {
        stepsOf(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static int stepsOf(long seed) {
    try (var call = new RandomCall(new SeededDice(seed), MOST_SECONDS)) {
      call.run();
      return call.steps();
    }
  }

  private static final class SeededDice implements Dice {
    private final Random random;
    private int steps;

    SeededDice(long seed) {
      random = new Random(seed);
    }

    @Override
    public int below(int bound) {
      return random.nextInt(bound);
    }

    @Override
    public byte[] bytes(int count) {
      byte[] bytes = new byte[count];
      random.nextBytes(bytes);
      return bytes;
    }

    @Override
    public boolean isOver() {
      return steps++ == STEPS;
    }
  }
}
