package org.plenum.signaling.session;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.port.ByteStream;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomNodes;
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

  /// Rooms that are opened from now on take other nodes too.
  ///
  /// @param most nodes that a room takes beside its own
  /// @param host where other nodes reach the media ports of this one
  default void spreadOver(RoomNodes nodes, int most, InetAddress host) {}

  /// Another node's room asks for a part here.
  ///
  /// @return to be told what comes by the line; null: there is none
  default NodeLine.@Nullable Listener host(NodeLine line) {
    return null;
  }

  /// Takes a connection over that is no HTTP.
  default void adopt(ByteStream stream) {
    stream.close();
  }
}
