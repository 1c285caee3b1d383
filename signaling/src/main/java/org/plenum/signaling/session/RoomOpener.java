package org.plenum.signaling.session;

import java.util.function.Consumer;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;

/// Opens rooms: the SFU, or a fake of it.
@FunctionalInterface
public interface RoomOpener {
  /// @param onClosed called once when the room has closed, on the room's thread
  RoomHandle open(RoomId id, Consumer<RoomId> onClosed);
}
