package org.plenum.signaling.session;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;

/// Wants to see what happens in every room.
@FunctionalInterface
public interface RoomWatch {
  /// Sees nothing.
  RoomWatch NONE = (_, _) -> _ -> {};

  /// A room opens. What is returned is told what happens in it.
  RoomObserver opened(OpenRoom.RoomInstance room, RoomSettings settings);

  /// Another node has the room from now on, and tells what happens in it.
  default void givenAway(OpenRoom.RoomInstance room) {}

  /// A room is over that no node has open.
  default void abandoned(OpenRoom.RoomInstance room, RoomSettings settings) {}

  /// Somebody waits to be let in.
  ///
  /// @param room null: it is not open
  default void waits(Knock knock, OpenRoom.@Nullable RoomInstance room) {}
}
