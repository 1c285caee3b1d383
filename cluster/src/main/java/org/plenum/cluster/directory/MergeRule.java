package org.plenum.cluster.directory;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.RoomEntry;

/// Which of several entries of one room stays when parts of a cluster meet again: every node comes
/// to the same.
public final class MergeRule {
  private static final Comparator<RoomEntry> RULE =
      Comparator.comparingLong(RoomEntry::epoch)
          .thenComparing(RoomEntry::life)
          .thenComparing(RoomEntry::node)
          .thenComparing(RoomEntry::revision)
          .thenComparing(RoomEntry::state);

  private MergeRule() {}

  /// The highest epoch. Where two owners have the same, which a cut node may bring about that did
  /// not know yet, the one that stays gets the next, so that no epoch ever has two. The state is
  /// the latest that was written in that life, in its latest epoch: a claim that nobody followed up
  /// does not undo it, and what a cut node wrote does not undo what its successor did.
  /// What one side has and the other has not stays: its owner removes it, if it was given up.
  ///
  /// @return null if there is none
  public static @Nullable String choose(Collection<@Nullable String> texts) {
    List<RoomEntry> entries =
        texts.stream().map(RoomEntry::parse).filter(Objects::nonNull).sorted(RULE).toList();
    if (entries.isEmpty()) {
      return null;
    }
    RoomEntry last = entries.getLast();
    boolean shared =
        entries.stream()
            .anyMatch(each -> each.epoch() == last.epoch() && !each.node().equals(last.node()));
    RoomEntry latest =
        entries.stream()
            .filter(each -> each.life().equals(last.life()))
            .max(Comparator.comparingLong(RoomEntry::revision))
            .orElse(last);
    return new RoomEntry(
            last.node(),
            shared ? last.epoch() + 1 : last.epoch(),
            last.life(),
            latest.revision(),
            latest.state())
        .text();
  }
}
