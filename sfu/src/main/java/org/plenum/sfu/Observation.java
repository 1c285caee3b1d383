package org.plenum.sfu;

/// What becomes of a room's media beside the call. Everybody in the room is told: there is no
/// [RoomTap] that they do not know of.
///
/// @param broadcast whether others watch
/// @param recorded whether the server keeps it
public record Observation(boolean broadcast, boolean recorded) {
  public static final Observation NONE = new Observation(false, false);
}
