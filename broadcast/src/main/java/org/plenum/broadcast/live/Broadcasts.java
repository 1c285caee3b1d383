package org.plenum.broadcast.live;

import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.broadcast.programme.Programme;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomHandle;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomTap;

/// The broadcasts that are on, one per room, and those that ended lately: their files are served
/// also where the room's next broadcast has begun. Any thread.
public final class Broadcasts implements AutoCloseable {
  /// At the same time, those that ended lately included: each holds some tens of megabytes. Of
  /// those that ended more than a minute ago the earliest goes where another needs the place.
  static final int MOST = 16;

  private static final int ID_BYTES = 6;

  /// Is told what becomes of broadcasts. Must not block for long.
  public interface Listener {
    void onStarted(Broadcast broadcast);

    /// It has an end.
    void onEnded(Broadcast broadcast);
  }

  private final LiveCounters counters = new LiveCounters();
  private final Listener listener;
  private final @Nullable DvrStore store;

  /// The latest of each room.
  private final ConcurrentMap<RoomId, Broadcast> byRoom = new ConcurrentHashMap<>();

  /// All that are served.
  private final ConcurrentMap<String, Broadcast> byId = new ConcurrentHashMap<>();

  private final SecureRandom random = new SecureRandom();
  private final RoomTurns turns = new RoomTurns();

  // By whoever holds this.
  private boolean closed;
  private int beginning;

  /// Without a way back for viewers.
  public Broadcasts(Listener listener) {
    this(listener, null);
  }

  /// @param store where viewers can go back to; null: nowhere
  public Broadcasts(Listener listener, @Nullable DvrStore store) {
    this.listener = listener;
    this.store = store;
  }

  /// Begins the broadcast of a room, or finds the one that is on. Waits for who begins or ends it
  /// now.
  ///
  /// @param tapped waits for the room's answer; throws RefusedException as the room refused
  /// @throws RefusedException if there are too many, or the room is closed
  public Begun<Broadcast> start(
      RoomHandle room, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    return turns.take(room.id(), () -> begin(room, tapped));
  }

  private Begun<Broadcast> begin(
      RoomHandle room, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    Broadcast present = byRoom.get(room.id());
    if (present != null && !present.isEnded()) {
      return new Begun<>(present, false);
    }
    takePlace();
    try {
      Broadcast fresh = add(room.id(), tap(room, tapped));
      listener.onStarted(fresh);
      fresh.start(listener::onEnded, () -> remove(fresh));
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
    if (byId.size() + beginning >= MOST) {
      letGoEarliest(System.nanoTime());
    }
    if (byId.size() + beginning >= MOST) {
      throw new RefusedException(
          Reason.OVERLOADED, "there are " + MOST + " broadcasts, the most there may be");
    }
    beginning++;
  }

  private void letGoEarliest(long nowNanos) {
    byId.values().stream()
        .filter(each -> each.keptNanos(nowNanos) >= Broadcast.KEPT_NANOS)
        .max(Comparator.comparingLong(each -> each.keptNanos(nowNanos)))
        .ifPresent(
            earliest -> {
              earliest.letGo();
              remove(earliest);
            });
  }

  private void remove(Broadcast broadcast) {
    byId.remove(broadcast.id());
    byRoom.remove(broadcast.room(), broadcast);
  }

  private synchronized void leavePlace() {
    beginning--;
  }

  private synchronized Broadcast add(RoomId room, RoomTap tap) {
    if (closed) {
      tap.close();
      throw stopping();
    }
    var fresh = new Broadcast(room, nextId(), tap, counters, store);
    byId.put(fresh.id(), fresh);
    byRoom.put(room, fresh);
    return fresh;
  }

  private static RefusedException stopping() {
    return new RefusedException(Reason.RESTARTING, "the server is stopping");
  }

  /// What they have counted.
  public LiveCounters counters() {
    return counters;
  }

  /// Where viewers can go back to; null if they cannot.
  public @Nullable DvrStore store() {
    return store;
  }

  /// How many requests wait for a playlist or a part.
  public long blocked() {
    return byId.values().stream().mapToLong(Broadcast::blocked).sum();
  }

  /// How many are on.
  public long count() {
    return byRoom.values().stream().filter(broadcast -> !broadcast.isEnded()).count();
  }

  /// Ends the broadcast of a room, also one that is just beginning: waits for that.
  ///
  /// @return whether there was one
  public boolean stop(RoomId room) {
    return turns.take(room, () -> end(room));
  }

  private boolean end(RoomId room) {
    Broadcast present = byRoom.get(room);
    if (present == null || present.isEnded()) {
      return false;
    }
    present.stop(BroadcastEnd.STOPPED);
    return true;
  }

  /// The broadcast of a room that is on, or ended lately; else null.
  public @Nullable Broadcast find(RoomId room) {
    return byRoom.get(room);
  }

  /// The one of this room that has this file, which may have ended lately though another has begun;
  /// null if there is none.
  ///
  /// @param path relative to the room's folder
  public @Nullable Broadcast find(RoomId room, String path) {
    Broadcast named = byId.get(path.substring(0, Math.max(0, path.indexOf('/'))));
    return named != null && named.room().equals(room) ? named : find(room);
  }

  /// Ends them all.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    byId.values().forEach(each -> each.stop(BroadcastEnd.SERVER_STOPPED));
    byId.values().forEach(Broadcast::forget);
  }

  private static RoomTap tap(
      RoomHandle room, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    return Tapping.tap(room, new RoomTap(RoomTap.Purpose.BROADCAST, Programme.CODECS), tapped);
  }

  private String nextId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
