package org.plenum.signaling.session;

import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;

/// Wants to see what happens in every room.
@FunctionalInterface
public interface RoomWatch {
  /// Sees nothing.
  RoomWatch NONE = (_, _) -> _ -> {};

  /// A room opens. What is returned is told what happens in it.
  RoomObserver opened(OpenRoom.RoomInstance room, RoomSettings settings);
}
