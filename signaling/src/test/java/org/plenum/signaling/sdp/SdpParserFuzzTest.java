package org.plenum.signaling.sdp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class SdpParserFuzzTest {
  /// Whatever parses is written as text that parses to the same.
  @FuzzTest(maxDuration = "5s")
  void parses(@NotNull String text) throws SdpException {
    SessionDescription description;
    try {
      description = SdpParser.parse(text);
    } catch (SdpException expected) {
      return;
    }
    String written = SdpWriter.write(description);
    if (written.length() <= SdpParser.MAX_LENGTH
        && !written.equals(SdpWriter.write(SdpParser.parse(written)))) {
      throw new AssertionError("written differently: " + written);
    }
  }
}
