package org.plenum.signaling.session;

import org.plenum.sfu.RoomSettings;

/// What a room is to be like.
///
/// @param metadata of the application, may be empty
public record RoomSpec(RoomSettings settings, String metadata) {
  public RoomSpec(RoomSettings settings) {
    this(settings, "");
  }
}
