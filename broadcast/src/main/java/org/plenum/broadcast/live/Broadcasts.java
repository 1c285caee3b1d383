package org.plenum.broadcast.live;

import java.security.SecureRandom;
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

/// The broadcasts that are on, one per room, and those that ended lately. Any thread.
public final class Broadcasts implements AutoCloseable {
  /// At the same time, those that ended lately included: each holds some tens of megabytes.
  static final int MOST = 16;

  private static final int ID_BYTES = 6;

  /// Is told what becomes of broadcasts. Must not block for long.
  public interface Listener {
    void onStarted(Broadcast broadcast);

    void onEnded(Broadcast broadcast);
  }

  private final LiveCounters counters = new LiveCounters();
  private final Listener listener;
  private final @Nullable DvrStore store;
  private final ConcurrentMap<RoomId, Broadcast> byRoom = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private boolean closed;

  /// Without a way back for viewers.
  public Broadcasts(Listener listener) {
    this(listener, null);
  }

  /// @param store where viewers can go back to; null: nowhere
  public Broadcasts(Listener listener, @Nullable DvrStore store) {
    this.listener = listener;
    this.store = store;
  }

  /// Begins the broadcast of a room, or finds the one that is on.
  ///
  /// @param tapped waits for the room's answer; throws RefusedException as the room refused
  /// @throws RefusedException if there are too many, or the room is closed
  public synchronized Begun<Broadcast> start(
      RoomHandle room, Function<CompletableFuture<RoomTap>, RoomTap> tapped) {
    Broadcast present = byRoom.get(room.id());
    if (present != null && !present.isEnded()) {
      return new Begun<>(present, false);
    }
    if (closed) {
      throw new RefusedException(Reason.RESTARTING, "the server is stopping");
    }
    if (byRoom.size() >= MOST) {
      throw new RefusedException(
          Reason.OVERLOADED, "there are " + MOST + " broadcasts, the most there may be");
    }
    var fresh = new Broadcast(room.id(), nextId(), tap(room, tapped), counters, store);
    byRoom.put(room.id(), fresh);
    listener.onStarted(fresh);
    fresh.start(listener::onEnded, () -> byRoom.remove(room.id(), fresh));
    return new Begun<>(fresh, true);
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
    return byRoom.values().stream().mapToLong(Broadcast::blocked).sum();
  }

  /// How many are on.
  public long count() {
    return byRoom.values().stream().filter(broadcast -> !broadcast.isEnded()).count();
  }

  /// Ends the broadcast of a room.
  ///
  /// @return whether there was one
  public boolean stop(RoomId room) {
    Broadcast present = byRoom.get(room);
    if (present == null || present.isEnded()) {
      return false;
    }
    present.stop();
    return true;
  }

  /// The broadcast of a room that is on, or ended lately; else null.
  public @Nullable Broadcast find(RoomId room) {
    return byRoom.get(room);
  }

  /// Ends them all.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    byRoom.values().forEach(Broadcast::stop);
    byRoom.values().forEach(Broadcast::forget);
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
