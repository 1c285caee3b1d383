package org.plenum.broadcast.live;

import org.jspecify.annotations.Nullable;

/// What is asked of a broadcast.
///
/// @param path relative to the room's folder
/// @param number `_HLS_msn` (RFC 8216bis §6.2.5.2): the playlist is wanted when it has this
///     segment; null to be answered at once
/// @param part `_HLS_part`: or this part of it; null for all of it
/// @param delta `_HLS_skip`: whether what a client knows for long may be left out
public record LiveRequest(
    String path, @Nullable Long number, @Nullable Integer part, boolean delta) {
  /// What becomes of it.
  public enum Verdict {
    FOUND,
    MISSING,
    /// Nobody who knows the playlist asks for a segment so far ahead.
    ABSURD,
    /// It did not come in time: three target durations (RFC 8216bis §6.2.5.2).
    LATE,
    /// Too many wait already.
    BUSY,
    /// Whoever has the room does not answer.
    AWAY
  }

  /// Is told once, on any thread.
  @FunctionalInterface
  public interface Reply {
    /// @param file only if it is found
    void accept(Verdict verdict, @Nullable LiveFile file);
  }

  boolean isBlocking() {
    return number != null;
  }
}
