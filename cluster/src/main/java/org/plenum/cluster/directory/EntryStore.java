package org.plenum.cluster.directory;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A map of texts that all nodes share. Writes compare and set, and throw [UnknownOutcomeException]
/// if it is not known whether they were done.
public interface EntryStore {
  /// From this node's copy: what was written elsewhere a moment ago may not be there yet.
  @Nullable String get(String room);

  /// Everything in this node's copy.
  Map<String, String> all();

  boolean putIfAbsent(String room, String value);

  boolean replace(String room, String old, String value);

  boolean remove(String room, String old);

  /// Writes again what is there, so that every copy has it, if it is this.
  default boolean confirm(String room, String value) {
    return replace(room, value, value);
  }
}
