package org.plenum.sfu.simulation;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/// Whatever happens in a room, in whatever order and at whatever time: [RandomCall] says what
/// holds.
@Tag("fuzz")
class RandomCallFuzzTest {
  private static final double MOST_SECONDS = 8;

  @FuzzTest(maxDuration = "10s")
  void whateverHappensInARoom(FuzzedDataProvider data) {
    try (var call = new RandomCall(new FuzzedDice(data), MOST_SECONDS)) {
      call.run();
    }
  }

  private record FuzzedDice(FuzzedDataProvider data) implements Dice {
    @Override
    public int below(int bound) {
      return data.consumeInt(0, bound - 1);
    }

    @Override
    public byte[] bytes(int count) {
      return data.consumeBytes(count);
    }

    @Override
    public boolean isOver() {
      return data.remainingBytes() == 0;
    }
  }
}
