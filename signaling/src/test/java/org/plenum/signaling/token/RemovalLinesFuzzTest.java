package org.plenum.signaling.token;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class RemovalLinesFuzzTest {
  /// Whatever is read is written so that it is read again.
  @FuzzTest(maxDuration = "5s")
  void readsOrRefuses(byte[] input) {
    RemovalLines.Content content;
    try {
      content = RemovalLines.read(new String(input, StandardCharsets.UTF_8));
    } catch (IllegalStateException e) {
      return; // another version
    }
    RemovalLines.Content again = RemovalLines.read(RemovalLines.write(content.removals()));
    if (again.damaged() != 0 || !again.removals().equals(content.removals())) {
      throw new AssertionError(content + " became " + again);
    }
  }
}
