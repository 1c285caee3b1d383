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

  /// Messages of other participants that may wait: they are dropped before anything else is.
  /// PROTOCOL.md promises it.
  static final int CHAT_CAPACITY = 256;

  private record Ending(CloseCode code, String reason) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ServerMessage> waiting = new ArrayDeque<>();
  private @Nullable Ending ending;
  private boolean gone;

  /// Of what waits.
  private int chat;

  /// Messages of others that were dropped and of which the client has not been told.
  private int missed;

  /// Counts all that were ever dropped here.
  private int dropped;

  /// Returns false if too many wait. What comes after the end is dropped, and
  /// messages of others are rather than anything else.
  boolean offer(ServerMessage message) {
    lock.lock();
    try {
      if (ending != null || gone) {
        return true;
      }
      if (isChat(message) && chat == CHAT_CAPACITY) {
        drop(1);
        return true;
      }
      if (waiting.size() >= CAPACITY && !dropChat()) {
        return false;
      }
      chat += isChat(message) ? 1 : 0;
      waiting.add(message);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// So many messages of others were dropped before they got here.
  void missed(int messages) {
    lock.lock();
    try {
      missed += messages;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// How many messages of others were dropped here so far.
  int dropped() {
    lock.lock();
    try {
      return dropped;
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
      chat = 0;
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
        chat = 0;
      }
      if (last != null) {
        waiting.add(last);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// What participants tell one another; what the server says has no sender.
  private static boolean isChat(ServerMessage message) {
    return message instanceof ServerMessage.Message words && words.from() != null;
  }

  /// Returns whether there was any.
  private boolean dropChat() {
    int before = waiting.size();
    waiting.removeIf(Outbox::isChat);
    chat = 0;
    drop(before - waiting.size());
    return waiting.size() < before;
  }

  private void drop(int messages) {
    missed += messages;
    dropped += messages;
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
      while (waiting.isEmpty() && missed == 0 && ending == null && !gone) {
        changed.await();
      }
      if (missed > 0 && ending == null && !gone) {
        var told = new ServerMessage.Missed(missed);
        missed = 0;
        return told;
      }
      ServerMessage next = waiting.poll();
      chat -= next != null && isChat(next) ? 1 : 0;
      return next;
    } finally {
      lock.unlock();
    }
  }
}
