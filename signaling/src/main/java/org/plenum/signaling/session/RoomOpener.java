package org.plenum.signaling.session;

import org.plenum.ice.port.ByteStream;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSettings;

/// Opens rooms: the SFU, or a fake of it.
@FunctionalInterface
public interface RoomOpener {
  /// @param observer told what happens in it, on the room's thread
  RoomHandle open(RoomId id, RoomSettings settings, RoomObserver observer);

  /// Takes a connection over that is no HTTP.
  default void adopt(ByteStream stream) {
    stream.close();
  }
}
