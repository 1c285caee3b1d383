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
}
