package org.plenum.signaling.webhook;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class JournalFuzzTest {
  /// Whatever a file holds, the next event comes after it.
  @FuzzTest(maxDuration = "5s")
  void readsOrLeavesOut(byte[] input) {
    try (Journal journal = Journal.open(null)) {
      String text = new String(input, StandardCharsets.UTF_8);
      int damaged = journal.read(text);
      long before = journal.newest();
      journal.append("r", JsonNodeFactory.instance.objectNode());
      if (damaged > text.lines().count()
          || journal.newest() != before + 1
          || journal.oldest() < 1
          || journal.oldest() > journal.newest()) {
        throw new AssertionError(journal.oldest() + " to " + journal.newest());
      }
      journal.after(0, 100).forEach(event -> event.body().toString());
    }
  }
}
