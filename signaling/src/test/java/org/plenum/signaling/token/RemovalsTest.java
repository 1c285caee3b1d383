package org.plenum.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plenum.sfu.RoomId;

class RemovalsTest {
  private static final RoomId BLUE = new RoomId("blue");
  private static final long NOW = 1_000;

  /// The tokens here expire sooner: so long they may still be of use to come back.
  private static final long HELD = Access.READMISSION_SECONDS + 3600;

  @TempDir private Path directory;

  @Test
  void areBounded() {
    Removals removals = Removals.open(0, null, NOW);
    for (int i = 0; i <= Removals.CAPACITY; i++) {
      removals.add(new RoomId("r" + i), token(1), NOW);
    }
    assertFalse(removals.has(new RoomId("r0"), token(1), NOW));
    assertTrue(removals.has(new RoomId("r1"), token(1), NOW));
    assertFalse(removals.has(new RoomId("r1"), token(1), NOW + HELD + 1));
  }

  @Test
  void areWrittenDownWhenTheyHold() {
    Removals removals = open();
    removals.add(BLUE, token(1), NOW);
    removals.add(BLUE, token(2), NOW);
    Removals after = open(); // the first is not closed: as after a crash
    assertTrue(after.has(BLUE, token(1), NOW));
    assertTrue(after.has(BLUE, token(2), NOW));
    assertFalse(after.has(BLUE, token(3), NOW));
    assertFalse(after.has(new RoomId("red"), token(1), NOW));
    after.add(BLUE, token(3), NOW);
    assertTrue(open().has(BLUE, token(3), NOW));
  }

  @Test
  void keepWhatTheyConcernOverARestart() {
    open().add(BLUE, token(1), NOW);
    assertTrue(open().has(BLUE, issued(2, NOW), NOW), "an older token of the same identity");
    assertFalse(open().has(BLUE, issued(2, NOW + 1), NOW), "a newer one");
  }

  @Test
  void leaveTheFileWhenTheTokenIsOfNoUseAnyMore() throws Exception {
    Removals removals = Removals.open(10, directory, NOW);
    removals.add(BLUE, token(1), NOW);
    Removals.open(10, directory, NOW + HELD);
    assertEquals(2, Files.readAllLines(file()).size());
    Removals.open(10, directory, NOW + HELD + 1);
    assertEquals(List.of("{\"version\":1}"), Files.readAllLines(file()));
  }

  @Test
  void holdAsLongAsATokenThatIsGoodForLonger() {
    Removals removals = Removals.open(10, null, NOW);
    long expiry = NOW + 2 * HELD;
    var token = new Token(null, null, null, Grants.OPEN, token(1).digest(), null, expiry);
    removals.add(BLUE, token, NOW);
    assertTrue(removals.has(BLUE, token, expiry + 10));
    assertFalse(removals.has(BLUE, token, expiry + 11));
  }

  @Tag("slow")
  @Test
  void doNotLetTheFileGrow() throws Exception {
    Removals removals = open();
    for (int i = 0; i <= RemovalFile.MOST_LINES; i++) {
      removals.add(new RoomId("r" + i), token(1), NOW);
    }
    assertEquals(1 + Removals.CAPACITY, Files.readAllLines(file()).size());
    assertTrue(open().has(new RoomId("r" + RemovalFile.MOST_LINES), token(1), NOW));
  }

  @Test
  void setADamagedFileAsideAndKeepWhatCanBeRead() throws Exception {
    Removals removals = open();
    removals.add(BLUE, token(1), NOW);
    byte[] damage = {'n', 'o', (byte) 0xFF, '\n'};
    Files.write(file(), damage, StandardOpenOption.APPEND);
    removals.add(BLUE, token(2), NOW);
    Files.writeString(file(), "{\"room\":\"bl", StandardOpenOption.APPEND); // cut off
    byte[] before = Files.readAllBytes(file());
    Removals after = open();
    assertTrue(after.has(BLUE, token(1), NOW));
    assertTrue(after.has(BLUE, token(2), NOW));
    Path aside = directory.resolve("removals.jsonl.damaged-" + NOW);
    assertEquals(List.of(before.length), List.of((int) Files.size(aside)));
    assertEquals(3, Files.readAllLines(file()).size());
  }

  @Test
  void refuseAFileOfAnotherVersion() throws Exception {
    Files.writeString(file(), "{\"version\":2}\n");
    var failure = assertThrows(IllegalStateException.class, this::open);
    assertEquals(
        "data.dir: " + file() + " cannot be used: it is of version 2, not 1", failure.getMessage());
    assertEquals("{\"version\":2}\n", Files.readString(file()));
  }

  @Test
  void sayInOneSentenceThatTheirDirectoryCannotBeUsed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    var failure =
        assertThrows(IllegalStateException.class, () -> Removals.open(0, file.resolve("x"), NOW));
    assertTrue(failure.getMessage().startsWith("data.dir: " + file), failure.getMessage());
  }

  @Test
  void holdThoughTheyCannotBeWrittenAndAreWrittenWithTheNext() throws Exception {
    Removals removals = open();
    Files.delete(file());
    assertThrows(UncheckedIOException.class, () -> removals.add(BLUE, token(1), NOW));
    assertTrue(removals.has(BLUE, token(1), NOW));
    assertFalse(Files.exists(file()));
    removals.add(BLUE, token(2), NOW);
    assertTrue(open().has(BLUE, token(1), NOW));
  }

  private Removals open() {
    return Removals.open(0, directory, NOW);
  }

  private Path file() {
    return directory.resolve(RemovalFile.NAME);
  }

  private static Token token(int number) {
    return new Token(
        "ann \"" + number + "\" ü",
        null,
        null,
        Grants.OPEN,
        "%064x".formatted(number),
        null,
        NOW + 100);
  }

  /// Another token of the identity of token 1.
  private static Token issued(int number, long atSeconds) {
    return new Token(
        token(1).identity(), null, null, Grants.OPEN, token(number).digest(), atSeconds, NOW + 100);
  }
}
