package org.plenum.sfu.dtls;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One session's place at the [HandshakeGate]. Used by the session's thread, but for [#cancel].
///
/// The thread is interrupted only while it waits here, and never leaves with the interrupt flag
/// set: an interrupt anywhere else could close a channel that the listener writes to.
final class Turn {
  private final HandshakeGate gate;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread waiter;
  private boolean cancelled;
  private boolean held;

  Turn(HandshakeGate gate) {
    this.gate = gate;
  }

  /// Waits for the first turn of a handshake.
  ///
  /// @return false if there is no room or no time, or the wait was cancelled
  boolean take(long waitNanos) {
    return await(waitNanos, gate::enter);
  }

  /// Waits for the next turn, after [#giveUp].
  boolean takeAgain(long waitNanos) {
    return await(waitNanos, gate::reenter);
  }

  /// Lets others compute; idempotent.
  void giveUp() {
    if (held) {
      held = false;
      gate.leave();
    }
  }

  /// Ends the wait, now and in future. Any thread.
  void cancel() {
    lock.lock();
    try {
      cancelled = true;
      if (waiter != null) {
        waiter.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean await(long waitNanos, Entry entry) {
    if (!beginWait()) {
      return false;
    }
    try {
      held = entry.enter(waitNanos);
    } catch (InterruptedException e) {
      held = false;
    } finally {
      endWait();
    }
    return held;
  }

  private boolean beginWait() {
    lock.lock();
    try {
      waiter = cancelled ? null : Thread.currentThread();
      return waiter != null;
    } finally {
      lock.unlock();
    }
  }

  private void endWait() {
    lock.lock();
    try {
      waiter = null;
      Thread.interrupted(); // an interrupt that came after the permit
    } finally {
      lock.unlock();
    }
  }

  private interface Entry {
    boolean enter(long waitNanos) throws InterruptedException;
  }
}
