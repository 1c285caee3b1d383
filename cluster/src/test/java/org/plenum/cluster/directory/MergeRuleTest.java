package org.plenum.cluster.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plenum.cluster.RoomEntry;

/// Which of two entries of one room stays.
class MergeRuleTest {
  private static final RoomEntry FIRST = new RoomEntry("n1", 1, "life");

  @Test
  void theHigherEpochStays() {
    assertEquals(FIRST.to("n2"), merged(FIRST, FIRST.to("n2")));
  }

  @Test
  void aClaimThatNobodyFollowedUpUndoesNoState() {
    RoomEntry written = FIRST.withState("locked");
    RoomEntry merged = merged(written, FIRST.to("n2"));
    assertEquals("n2", merged.node());
    assertEquals("locked", merged.state());
  }

  /// However often it wrote.
  @Test
  void whatACutOwnerWroteDoesNotUndoWhatItsSuccessorDid() {
    RoomEntry cut = FIRST.withState("a").withState("b").withState("c");
    RoomEntry successor = FIRST.to("n2").withState("locked");
    assertEquals("locked", merged(cut, successor).state());
    assertEquals("locked", merged(successor, cut).state());
  }

  @Test
  void twoOwnersOfOneEpochGetTheNext() {
    RoomEntry merged = merged(FIRST.to("n2"), FIRST.to("n3"));
    assertEquals(3, merged.epoch());
  }

  @Test
  void aLaterVersionsLinesAreSkipped() {
    RoomEntry entry = FIRST.withState("two\nlines");
    assertEquals(entry, RoomEntry.parse("relays=n4,n5\n" + entry.text()));
    assertNull(RoomEntry.parse("relays=n4"));
    assertNull(MergeRule.choose(Arrays.asList(null, "nothing of ours")));
  }

  private static RoomEntry merged(RoomEntry... entries) {
    RoomEntry merged =
        RoomEntry.parse(MergeRule.choose(List.of(entries).stream().map(RoomEntry::text).toList()));
    assertNotNull(merged);
    return merged;
  }
}
