package org.plenum.signaling.recording;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;

/// How much disk space recordings use, per room and in all, and whether there is room for
/// more. Any thread.
final class Quota {
  private final long mostOfRoom;
  private final long most;
  private final Map<RoomId, Long> used = new HashMap<>();
  private long usedByAll;

  /// @param mostOfRoom bytes of all recordings of a room
  /// @param most bytes of all recordings of all rooms
  Quota(long mostOfRoom, long most) {
    this.mostOfRoom = mostOfRoom;
    this.most = most;
  }

  /// Reserves space for this many bytes more.
  ///
  /// @return why there is none, in words for a person; null if it was taken
  synchronized @Nullable String take(RoomId room, long bytes) {
    if (of(room) + bytes > mostOfRoom) {
      return "the recordings of a room have at most "
          + mostOfRoom
          + " bytes together: delete some first";
    }
    if (usedByAll + bytes > most) {
      return "this server keeps at most "
          + most
          + " bytes of recordings, and has no place for more: somebody must delete some first";
    }
    add(room, bytes);
    return null;
  }

  /// Takes note of bytes that are there, or gone if negative, whatever the bounds say.
  synchronized void add(RoomId room, long bytes) {
    usedByAll += bytes;
    if (of(room) + bytes == 0) {
      used.remove(room);
    } else {
      used.put(room, of(room) + bytes);
    }
  }

  private long of(RoomId room) {
    return used.getOrDefault(room, 0L);
  }
}
