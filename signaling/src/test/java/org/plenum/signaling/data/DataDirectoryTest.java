package org.plenum.signaling.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {
  @TempDir private Path parent;

  @Test
  void aNewOneIsOfThisVersion() throws Exception {
    DataDirectory.open(data()).close();
    assertEquals(DataDirectory.VERSION + "\n", Files.readString(version()));
    DataDirectory.open(data()).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"events/00000000000000000001.jsonl", "removals.jsonl", "webhooks.json"})
  void oneOfVersion1IsBroughtUpToDate(String file) throws Exception {
    Path old = data().resolve(file);
    Files.createDirectories(old.getParent());
    Files.writeString(old, "as it was");
    Path recording = data().resolve("recordings-1/a.media");
    Files.createDirectories(recording.getParent());
    Files.writeString(recording, "sound");
    DataDirectory.open(data()).close();
    assertEquals(DataDirectory.VERSION + "\n", Files.readString(version()));
    assertEquals("as it was", Files.readString(old));
    assertEquals("sound", Files.readString(data().resolve("recordings/a.media")));
    assertFalse(Files.exists(recording));
  }

  @Test
  void aStartThatWasCutOffGoesOn() throws Exception {
    Path moved = data().resolve("recordings/a.media");
    Files.createDirectories(moved.getParent());
    Files.writeString(moved, "sound");
    Files.writeString(data().resolve("version.new"), "");
    DataDirectory.open(data()).close();
    assertEquals("sound", Files.readString(moved));
    assertEquals(DataDirectory.VERSION + "\n", Files.readString(version()));
  }

  @Test
  void oneThatHoldsRecordingsTwiceIsRefusedAndNotTouched() throws Exception {
    Files.createDirectories(data().resolve("recordings-1"));
    Files.createDirectories(data().resolve("recordings"));
    assertTrue(refusal().contains("recordings-1 and delete recordings"), refusal());
    assertFalse(Files.exists(version()));
    Files.delete(data().resolve("recordings"));
    DataDirectory.open(data()).close();
  }

  @Test
  void oneOfANewerVersionIsRefusedAndNotTouched() throws Exception {
    Files.createDirectories(data().resolve("recordings-1"));
    Files.writeString(version(), "3\n");
    assertEquals(
        "data.dir: %s cannot be used: its layout is of version 3, made by a newer Plenum: this one"
                .formatted(data())
            + " knows versions 1 to 2",
        refusal());
    assertEquals("3\n", Files.readString(version()));
    assertTrue(Files.exists(data().resolve("recordings-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two", "-1", "2.5", "99999999999"})
  void oneOfNoVersionIsRefused(String text) throws Exception {
    Files.createDirectories(data());
    Files.writeString(version(), text);
    assertTrue(refusal().endsWith("its file version holds no version"), refusal());
  }

  @Test
  void twoServersDoNotShareOne() {
    DataDirectory first = DataDirectory.open(data());
    assertTrue(refusal().endsWith("another server uses it"), refusal());
    first.close();
    DataDirectory.open(data()).close();
  }

  @Test
  void saysInOneSentenceThatItCannotBeMade() throws Exception {
    Files.writeString(data(), "a file");
    assertTrue(refusal().startsWith("data.dir: " + data() + " cannot be used: "), refusal());
  }

  private String refusal() {
    var failure = assertThrows(IllegalStateException.class, () -> DataDirectory.open(data()));
    return failure.getMessage();
  }

  private Path data() {
    return parent.resolve("data");
  }

  private Path version() {
    return data().resolve(DataDirectory.VERSION_FILE);
  }
}
