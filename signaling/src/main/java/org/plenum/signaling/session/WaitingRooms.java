package org.plenum.signaling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.limit.TokenBucket;

/// Those who wait to be let into rooms, in order of coming; a room need not be open for that. Any
/// thread.
public final class WaitingRooms {
  /// PROTOCOL.md promises these bounds.
  static final int MOST_OF_ROOM = 100;

  static final int MOST = 5_000;

  /// How often somebody may knock at one room, in a second; five seconds' worth at once.
  static final int KNOCKS_PER_SECOND = 5;

  /// Doors that are remembered at which nobody waits any more, for their rates.
  private static final int MOST_DOORS = 10_000;

  private final Timers timers;
  private final SignalingCounters counters;
  private final Consumer<RoomId> onChange;
  private final Map<RoomId, Door> doors = new HashMap<>();
  private int waiting;

  private static final class Door {
    final Map<String, Knock> knocks = new LinkedHashMap<>();
    final TokenBucket rate;

    Door(long nowNanos) {
      rate = new TokenBucket(KNOCKS_PER_SECOND, nowNanos);
    }
  }

  /// @param onChange others wait there than before; called without a lock
  WaitingRooms(Timers timers, SignalingCounters counters, Consumer<RoomId> onChange) {
    this.timers = timers;
    this.counters = counters;
    this.onChange = onChange;
  }

  /// Throws TooManyException.
  void add(Knock knock) {
    synchronized (this) {
      long now = timers.nowNanos();
      if (doors.size() >= MOST_DOORS) {
        doors.values().removeIf(door -> door.knocks.isEmpty());
      }
      Door door = doors.computeIfAbsent(knock.room(), _ -> new Door(now));
      boolean full = door.knocks.size() >= MOST_OF_ROOM || waiting >= MOST;
      if (full || !door.rate.tryTake(now)) {
        counters.count(SignalingCounter.REFUSED_KNOCKS);
        throw new TooManyException(
            "room",
            full
                ? "too many wait to be let into room " + knock.room()
                : "too many knock at room " + knock.room() + " in a short time");
      }
      door.knocks.put(knock.id(), knock);
      waiting++;
    }
    counters.count(SignalingCounter.KNOCKS);
    onChange.accept(knock.room());
  }

  /// In order of coming.
  public synchronized List<Knock> of(RoomId room) {
    Door door = doors.get(room);
    return door == null ? List.of() : List.copyOf(door.knocks.values());
  }

  /// They wait no more. Returns those of them who did, whom nobody else gets.
  List<Knock> take(RoomId room, Predicate<Knock> wanted) {
    List<Knock> taken = new ArrayList<>();
    synchronized (this) {
      Door door = doors.get(room);
      if (door == null) {
        return taken;
      }
      door.knocks.values().removeIf(knock -> wanted.test(knock) && taken.add(knock));
      waiting -= taken.size();
      if (door.knocks.isEmpty() && door.rate.isFull(timers.nowNanos())) {
        doors.remove(room);
      }
    }
    if (!taken.isEmpty()) {
      onChange.accept(room);
    }
    return taken;
  }
}
