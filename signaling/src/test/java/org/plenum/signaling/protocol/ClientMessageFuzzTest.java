package org.plenum.signaling.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class ClientMessageFuzzTest {
  /// Whatever a client sends is read, ignored, or refused with a message of reasonable length.
  @FuzzTest(maxDuration = "5s")
  void readsOrRefuses(byte[] input) {
    try {
      ClientMessageReader.read(new String(input, java.nio.charset.StandardCharsets.UTF_8));
    } catch (InvalidMessageException e) {
      assertTrue(e.getMessage().length() < 1_000, e.getMessage());
      assertTrue(ServerMessageWriter.toJson(ServerMessage.Error.of(e, true)).length() < 10_000);
    }
  }
}
