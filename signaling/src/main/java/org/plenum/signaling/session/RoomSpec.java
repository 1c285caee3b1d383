package org.plenum.signaling.session;

import org.plenum.sfu.RoomSettings;

/// What a room is to be like.
///
/// @param metadata of the application, may be empty
/// @param made whether somebody asked for the room to be made: then a restart opens it again
public record RoomSpec(RoomSettings settings, String metadata, boolean made) {
  /// What a room is like that somebody just enters.
  public RoomSpec(RoomSettings settings) {
    this(settings, "", false);
  }

  /// The same, but for whether two people may talk directly.
  public RoomSpec withDirect(boolean allowed) {
    return new RoomSpec(settings.withDirect(allowed), metadata, made);
  }

  /// Whether a room of this kind, once somebody was in it, is as one of the other kind: how long it
  /// would have waited for its first participant, and who wished for it, do not matter then.
  public boolean isLike(RoomSpec other) {
    return settings.withUnusedNanos(0).equals(other.settings.withUnusedNanos(0))
        && metadata.equals(other.metadata);
  }
}
