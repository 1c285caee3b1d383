package org.plenum.signaling.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir private Path data;

  @Test
  void survivesARestart() {
    try (Journal journal = Journal.open(data)) {
      append(journal, 3);
    }
    try (Journal journal = Journal.open(data)) {
      assertEquals(3, journal.newest());
      append(journal, 1);
      assertEquals(List.of(2L, 3L, 4L), indices(journal, 1));
      assertEquals("r2", journal.after(1, 1).getFirst().room());
    }
    try (Journal journal = Journal.open(data)) {
      assertEquals(List.of(1L, 2L, 3L, 4L), indices(journal, 0));
    }
  }

  @Test
  void leavesOutALineThatWasCutOff() throws Exception {
    try (Journal journal = Journal.open(data)) {
      append(journal, 2);
    }
    Path file;
    try (var files = Files.list(data.resolve("events"))) {
      file = files.findFirst().orElseThrow();
    }
    Files.writeString(file, "{\"room\":\"r\",\"bo", StandardOpenOption.APPEND);
    try (Journal journal = Journal.open(data)) {
      assertEquals(List.of(1L, 2L), indices(journal, 0));
    }
  }

  @Test
  void goesOnAfterALineThatWasCutOff() throws Exception {
    leavesOutALineThatWasCutOff();
    try (Journal journal = Journal.open(data)) {
      append(journal, 2);
    }
    try (Journal journal = Journal.open(data)) {
      assertEquals(List.of(1L, 2L, 3L, 4L), indices(journal, 0));
    }
  }

  @Test
  void leavesOutWhatIsNoEvent() throws Exception {
    try (Journal journal = Journal.open(data)) {
      append(journal, 2);
    }
    byte[] damage = {'n', 'o', (byte) 0xFF, '\n'};
    Files.write(data.resolve("events/%020d.jsonl".formatted(3)), damage);
    Files.writeString(
        data.resolve("events/%020d.jsonl".formatted(4)),
        "{\"room\":\"r\",\"body\":{\"index\":" + Long.MAX_VALUE + "}}\n");
    try (Journal journal = Journal.open(data)) {
      append(journal, 1);
      assertEquals(List.of(1L, 2L, 3L), indices(journal, 0));
    }
  }

  @Test
  void keepsABoundedNumber() throws Exception {
    try (Journal journal = Journal.open(data)) {
      for (int i = 0; i < 2 * Journal.CAPACITY + 7; i++) {
        journal.write("r", JsonNodeFactory.instance.objectNode());
        if (i % 100 == 6) {
          journal.commit();
        }
      }
      long kept = journal.newest() - journal.oldest() + 1;
      assertTrue(kept >= Journal.CAPACITY && kept < Journal.CAPACITY + Journal.SEGMENT, "" + kept);
      try (var files = Files.list(data.resolve("events"))) {
        assertTrue(files.count() <= Journal.CAPACITY / Journal.SEGMENT + 2);
      }
    }
    try (Journal journal = Journal.open(data)) {
      assertEquals(2 * Journal.CAPACITY + 7, journal.newest());
      assertTrue(journal.oldest() <= journal.newest() - Journal.CAPACITY + 1);
    }
  }

  @Test
  void writesOverALineThatWasCutOffAtTheBeginningOfAFile() throws Exception {
    try (Journal journal = Journal.open(data)) {
      append(journal, 2);
    }
    // Killed while it wrote event 3, for which it had begun a new file.
    Files.writeString(data.resolve("events/%020d.jsonl".formatted(3)), "{\"room\":\"r\",\"bo");
    try (Journal journal = Journal.open(data)) {
      append(journal, 2);
    }
    try (Journal journal = Journal.open(data)) {
      assertEquals(List.of(1L, 2L, 3L, 4L), indices(journal, 0));
    }
  }

  @Test
  void tellsEventsThatTheDiskDoesNotTakeAndWritesThemOnceItDoes() throws Exception {
    Path events = data.resolve("events");
    try (Journal journal = Journal.open(data)) {
      Files.delete(events);
      append(journal, Journal.SEGMENT + 3);
      assertEquals(Journal.SEGMENT + 3, journal.unwritten());
      assertEquals(List.of(1L, 2L), indices(journal, 0).subList(0, 2));
      Files.createDirectory(events);
      append(journal, 1);
      assertEquals(0, journal.unwritten());
    }
    try (Journal journal = Journal.open(data)) {
      assertEquals(1, journal.oldest());
      assertEquals(Journal.SEGMENT + 4, journal.newest());
    }
  }

  @Test
  void makesKnownWhatIsOnTheDiskOnly() throws Exception {
    try (Journal journal = Journal.open(data)) {
      journal.write("r", JsonNodeFactory.instance.objectNode());
      assertEquals(List.of(), indices(journal, 0));
      assertEquals(1, journal.uncommitted());
      journal.commit();
      try (Journal after = Journal.open(data)) {
        assertEquals(indices(journal, 0), indices(after, 0));
      }
    }
  }

  @Test
  void withoutADirectoryItLivesInMemory() {
    try (Journal journal = Journal.open(null)) {
      assertEquals(1, journal.oldest());
      append(journal, 2);
      assertEquals(List.of(2L), indices(journal, 1));
    }
  }

  @Test
  void saysInOneSentenceThatItsDirectoryCannotBeUsed() throws Exception {
    Path file = Files.writeString(data.resolve("file"), "");
    var failure = assertThrows(IllegalStateException.class, () -> Journal.open(file));
    assertTrue(failure.getMessage().startsWith("data.dir cannot be used"), failure.getMessage());
  }

  private static void append(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.append("r" + (journal.newest() + 1), JsonNodeFactory.instance.objectNode());
    }
  }

  private static List<Long> indices(Journal journal, long after) {
    return journal.after(after, 100).stream().map(Event::index).toList();
  }
}
