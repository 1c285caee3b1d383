package org.plenum.broadcast.live;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.plenum.sfu.RoomId;

/// Does one thing after another for each room: whoever ends what is just beginning waits for that,
/// and other rooms do not wait. Any thread.
final class RoomTurns {
  private static final class Turn {
    final ReentrantLock lock = new ReentrantLock();

    /// Who has it or waits for it: without any it is forgotten.
    int users;
  }

  private final ConcurrentMap<RoomId, Turn> turns = new ConcurrentHashMap<>();

  /// Waits until it is this call's turn, and returns what `what` returns.
  <T> T take(RoomId room, Supplier<T> what) {
    Turn turn = enter(room);
    turn.lock.lock();
    try {
      return what.get();
    } finally {
      turn.lock.unlock();
      turns.computeIfPresent(room, (_, its) -> --its.users == 0 ? null : its);
    }
  }

  private Turn enter(RoomId room) {
    return turns.compute(
        room,
        (_, present) -> {
          Turn its = present == null ? new Turn() : present;
          its.users++;
          return its;
        });
  }
}
