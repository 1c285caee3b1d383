package org.plenum.sfu.dtls;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets a bounded number of handshakes compute at once and a bounded number wait for that, in order
/// of arrival. Any thread.
final class HandshakeGate {
  private final Semaphore permits;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();

  HandshakeGate(int handshakes, int maxWaiting) {
    permits = new Semaphore(handshakes, true);
    this.maxWaiting = maxWaiting;
  }

  /// Takes a permit for a new handshake.
  ///
  /// @return false if too many wait already, or the wait was over
  boolean enter(long waitNanos) throws InterruptedException {
    if (permits.tryAcquire(0, TimeUnit.NANOSECONDS)) {
      return true;
    }
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      return false;
    }
    try {
      return permits.tryAcquire(waitNanos, TimeUnit.NANOSECONDS);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /// Takes a permit again for a handshake that has begun, and so is never refused for the length of
  /// the queue.
  boolean reenter(long waitNanos) throws InterruptedException {
    return permits.tryAcquire(waitNanos, TimeUnit.NANOSECONDS);
  }

  void leave() {
    permits.release();
  }

  int waiting() {
    return waiting.get();
  }

  int free() {
    return permits.availablePermits();
  }
}
