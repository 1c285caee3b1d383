package org.plenum.broadcast.live;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomTap;

/// Asks a room for its media.
final class Tapping {
  private Tapping() {}

  /// @param tapped waits for the room's answer; throws RefusedException as the room refused
  static RoomTap tap(
      RoomHandle room, RoomTap tap, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    try {
      return tapped.apply(room.tap(tap));
    } catch (RefusedException e) {
      tap.close(); // should the room have taken it after all
      throw e;
    }
  }
}
