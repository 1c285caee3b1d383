package org.plenum.cluster.directory;

import java.util.Collection;
import java.util.Comparator;
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

  /// The highest epoch. What one side has and the other has not stays: its owner removes it, if it
  /// was given up.
  ///
  /// @return null if there is none
  public static @Nullable String choose(Collection<@Nullable String> texts) {
    return texts.stream()
        .map(RoomEntry::parse)
        .filter(Objects::nonNull)
        .max(RULE)
        .map(RoomEntry::text)
        .orElse(null);
  }
}
