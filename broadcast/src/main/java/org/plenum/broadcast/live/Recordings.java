package org.plenum.broadcast.live;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.recording.RecordingEnd.Reason;
import org.plenum.broadcast.recording.RecordingStorage;
import org.plenum.broadcast.recording.RoomRecorder;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomTap;

/// The recordings that are on, one per room. Any thread.
public final class Recordings implements AutoCloseable {
  /// At the same time: each has two threads, and some megabytes wait for the disk.
  static final int MOST = 32;

  /// Where a recording is kept.
  ///
  /// @param id names it
  public record Place(String id, RecordingStorage storage) {}

  /// Makes a place for another recording.
  @FunctionalInterface
  public interface Places {
    /// @throws RefusedException if there is none
    Place make(RoomId room);
  }

  /// Is told what becomes of recordings. Must not block for long.
  public interface Listener {
    void onStarted(Recording recording);

    /// It has an end.
    void onEnded(Recording recording);
  }

  private final Places places;
  private final Listener listener;
  private final ConcurrentMap<RoomId, Recording> byRoom = new ConcurrentHashMap<>();
  private final RoomTurns turns = new RoomTurns();

  // By whoever holds this.
  private boolean closed;
  private int beginning;

  public Recordings(Places places, Listener listener) {
    this.places = places;
    this.listener = listener;
  }

  /// Begins the recording of a room, or finds the one that is on. Waits for who begins or ends it
  /// now.
  ///
  /// @param tapped waits for the room's answer; throws RefusedException as the room refused
  /// @throws RefusedException if there are too many, there is no place, or the room is closed
  public Begun<Recording> start(
      RoomHandle room, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    return turns.take(room.id(), () -> begin(room, tapped));
  }

  private Begun<Recording> begin(
      RoomHandle room, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    Recording present = byRoom.get(room.id());
    if (present != null && !present.isEnding()) {
      return new Begun<>(present, false);
    }
    if (present != null) {
      present.stop(Reason.STOPPED);
    }
    takePlace();
    try {
      Place place = places.make(room.id());
      Recording fresh = add(room.id(), place, tap(room, tapped));
      listener.onStarted(fresh);
      fresh.start(this::ended);
      return new Begun<>(fresh, true);
    } finally {
      leavePlace();
    }
  }

  /// For one that begins.
  private synchronized void takePlace() {
    if (closed) {
      throw stopping();
    }
    if (byRoom.size() + beginning >= MOST) {
      throw new RefusedException(
          RefusedException.Reason.OVERLOADED,
          "there are " + MOST + " recordings, the most there may be at a time");
    }
    beginning++;
  }

  private synchronized void leavePlace() {
    beginning--;
  }

  private synchronized Recording add(RoomId room, Place place, RoomTap tap) {
    if (closed) {
      tap.close();
      throw stopping();
    }
    var fresh = new Recording(room, place.id(), tap, place.storage());
    byRoom.put(room, fresh);
    return fresh;
  }

  private static RefusedException stopping() {
    return new RefusedException(RefusedException.Reason.RESTARTING, "the server is stopping");
  }

  /// Ends the recording of a room, also one that is just beginning: waits for that.
  ///
  /// @return whether there was one
  public boolean stop(RoomId room) {
    return turns.take(room, () -> end(room));
  }

  private boolean end(RoomId room) {
    Recording present = byRoom.get(room);
    if (present == null) {
      return false;
    }
    present.stop(Reason.STOPPED);
    return true;
  }

  /// The recording of a room that is on; else null.
  public @Nullable Recording find(RoomId room) {
    return byRoom.get(room);
  }

  /// How many are on.
  public int count() {
    return byRoom.size();
  }

  /// Ends them all.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    byRoom.values().forEach(recording -> recording.stop(Reason.SERVER_STOPPED));
  }

  private void ended(Recording recording) {
    byRoom.remove(recording.room(), recording);
    listener.onEnded(recording);
  }

  private static RoomTap tap(
      RoomHandle room, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    return Tapping.tap(room, new RoomTap(RoomTap.Purpose.RECORDING, RoomRecorder.CODECS), tapped);
  }
}
