package org.plenum.signaling.relay;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class TurnAnswerFuzzTest {
  @FuzzTest(maxDuration = "5s")
  void readsOrRefuses(byte[] input) {
    byte[] transaction =
        input.length < TurnMessage.HEADER_BYTES
            ? new byte[TurnMessage.TRANSACTION_BYTES]
            : Arrays.copyOfRange(input, 8, TurnMessage.HEADER_BYTES);
    TurnMessage.Answer answer = TurnMessage.answer(input, TurnMessage.ALLOCATE, transaction);
    if (answer != null && (answer.errorCode() < 0 || answer.errorCode() > 955)) {
      throw new AssertionError(answer.errorCode());
    }
  }
}
