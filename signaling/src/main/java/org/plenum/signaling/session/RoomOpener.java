package org.plenum.signaling.session;

import java.util.List;
import org.plenum.ice.candidate.Candidate;
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

  /// Whether there is time for another room.
  default boolean takesRooms() {
    return true;
  }

  /// Lets somebody who is in no room have relays of our own TURN server for half a minute.
  ///
  /// @return where clients reach it, best first; empty if there is none
  default List<Candidate> lendRelay(String identity) {
    return List.of();
  }

  /// Takes a connection over that is no HTTP.
  default void adopt(ByteStream stream) {
    stream.close();
  }
}
