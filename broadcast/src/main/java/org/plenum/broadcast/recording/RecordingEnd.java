package org.plenum.broadcast.recording;

/// Why a recording ended.
///
/// @param text for people
public record RecordingEnd(Reason reason, String text) {
  /// As its manifest and events name it, in small letters with hyphens.
  public enum Reason {
    STOPPED,
    ROOM_CLOSED,
    SERVER_STOPPED,
    /// The disk did not take it.
    STORAGE,
    /// The disk was too slow for too long.
    STORAGE_SLOW,
    /// There is no place for more.
    QUOTA,
    TOO_LONG,
    /// A fault of our own.
    FAULT,
    /// The server ended without a word: found out when it came back.
    INTERRUPTED;

    /// Whether somebody or something wanted it.
    public boolean isIntended() {
      return this == STOPPED || this == ROOM_CLOSED || this == SERVER_STOPPED;
    }
  }
}
