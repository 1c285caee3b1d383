package org.plenum.sfu.worker;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Commands for a worker, from any thread; carries no media. Bounded: a full one refuses
/// ordinary commands, but has capacity reserved for those that end something, of which there
/// are at most a few for each thing that exists.
///
/// @param <T> the commands
final class Mailbox<T> {
  /// Ordinary commands that may wait.
  static final int CAPACITY = 4096;

  private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final int capacity;
  private final Runnable wakeUp;

  /// @param wakeUp makes the worker look into its mailbox
  Mailbox(int capacity, Runnable wakeUp) {
    this.capacity = capacity;
    this.wakeUp = wakeUp;
  }

  /// @return false if it is full
  boolean offer(T command) {
    if (waiting.incrementAndGet() > capacity) {
      waiting.decrementAndGet();
      return false;
    }
    queue.add(command);
    wakeUp.run();
    return true;
  }

  /// For what ends something: never refused.
  void add(T command) {
    waiting.incrementAndGet();
    queue.add(command);
    wakeUp.run();
  }

  /// Worker's thread only.
  ///
  /// @return the oldest command, or null
  @Nullable T poll() {
    T command = queue.poll();
    if (command != null) {
      waiting.decrementAndGet();
    }
    return command;
  }
}
