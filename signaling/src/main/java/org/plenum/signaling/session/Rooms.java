package org.plenum.signaling.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;

/// The open rooms by name: the first who comes opens one.
public final class Rooms {
  /// A room may close at the moment somebody enters; then a new one is opened, so often at most.
  private static final int TRIES = 3;

  private final ConcurrentMap<RoomId, RoomHandle> open = new ConcurrentHashMap<>();
  private final RoomOpener opener;
  private final SessionLog log;
  private volatile boolean draining;

  Rooms(RoomOpener opener, SessionLog log) {
    this.opener = opener;
    this.log = log;
  }

  /// Runs `entering` with the room of that name, and again with a new one if it closed meanwhile.
  public <T> T enter(RoomId id, Function<RoomHandle, T> entering) {
    for (int i = 1; ; i++) {
      RoomHandle room = room(id);
      try {
        return entering.apply(room);
      } catch (RefusedException e) {
        if (e.reason() != RefusedException.Reason.ROOM_CLOSED || i == TRIES) {
          throw e;
        }
        open.remove(id, room);
      }
    }
  }

  /// Opens no room any more; those that are open go on.
  void drain() {
    draining = true;
  }

  void closeAll() {
    open.values().forEach(RoomHandle::close);
  }

  private RoomHandle room(RoomId id) {
    RoomHandle room = open.get(id);
    if (room != null && !room.isClosed()) {
      return room;
    }
    return open.compute(
        id, (_, present) -> present != null && !present.isClosed() ? present : openRoom(id));
  }

  private RoomHandle openRoom(RoomId id) {
    if (draining) {
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED, "the server is about to stop: try again in a minute");
    }
    log.opened(id);
    return opener.open(id, this::onClosed);
  }

  /// On the worker's thread. The entry stays if a new room of that name is open already.
  private void onClosed(RoomId id) {
    log.closed(id);
    RoomHandle room = open.get(id);
    if (room != null && room.isClosed()) {
      open.remove(id, room);
    }
  }
}
