package org.plenum.signaling.session;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.protocol.ServerMessageWriter;

/// What waits to be written to one socket: bounded, filled by any thread without blocking, emptied
/// by the one writer that runs [#writeTo].
final class Outbox {
  /// Messages that may wait; PROTOCOL.md promises it.
  static final int CAPACITY = 1024;

  private record Ending(CloseCode code, String reason) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ServerMessage> waiting = new ArrayDeque<>();
  private @Nullable Ending ending;
  private boolean gone;

  /// Returns false if too many wait. What comes after the end is dropped.
  boolean offer(ServerMessage message) {
    lock.lock();
    try {
      if (ending != null || gone) {
        return true;
      }
      if (waiting.size() == CAPACITY) {
        return false;
      }
      waiting.add(message);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Closes the socket after what waits and `last`.
  void finish(ServerMessage last, CloseCode code, String reason) {
    end(last, code, reason, false);
  }

  /// Closes the socket after `last` (or at once), dropping what waits.
  void abort(@Nullable ServerMessage last, CloseCode code, String reason) {
    end(last, code, reason, true);
  }

  /// The socket is gone: nothing more can be written.
  void gone() {
    lock.lock();
    try {
      gone = true;
      waiting.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Writes until the end, then closes the socket. Blocks; throws if a write fails.
  void writeTo(ClientSocket socket) throws IOException, InterruptedException {
    ServerMessage message = next();
    while (message != null) {
      socket.send(ServerMessageWriter.toJson(message));
      message = next();
    }
    Ending end = ending();
    if (end != null) {
      socket.close(end.code().code(), end.reason());
    }
  }

  private void end(@Nullable ServerMessage last, CloseCode code, String reason, boolean drop) {
    lock.lock();
    try {
      if (ending != null || gone) {
        return;
      }
      ending = new Ending(code, reason);
      if (drop) {
        waiting.clear();
      }
      if (last != null) {
        waiting.add(last);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Ending ending() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next message; null at the end.
  private @Nullable ServerMessage next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && ending == null && !gone) {
        changed.await();
      }
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }
}
