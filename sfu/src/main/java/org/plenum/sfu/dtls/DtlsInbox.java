package org.plenum.sfu.dtls;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The datagrams that wait for a session's thread. Any thread writes, one reads.
final class DtlsInbox {
  /// Two flights of the most talkative client, or one in tiny fragments.
  static final int CAPACITY = 32;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> datagrams = new ArrayDeque<>(CAPACITY);
  private boolean closed;

  /// What became of an offered datagram.
  enum Offer {
    ACCEPTED,
    FULL,
    CLOSED
  }

  Offer offer(byte[] datagram) {
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      if (datagrams.size() == CAPACITY) {
        return Offer.FULL;
      }
      datagrams.add(datagram);
      changed.signal();
      return Offer.ACCEPTED;
    } finally {
      lock.unlock();
    }
  }

  /// The next datagram, or null if none is waiting or the inbox is closed.
  byte @Nullable [] poll() {
    lock.lock();
    try {
      return datagrams.poll();
    } finally {
      lock.unlock();
    }
  }

  /// The next datagram, or null if none came in time or the inbox is closed.
  byte @Nullable [] take(long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      while (datagrams.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return datagrams.poll();
    } finally {
      lock.unlock();
    }
  }

  /// Drops what is waiting and wakes the reader; idempotent.
  void close() {
    lock.lock();
    try {
      closed = true;
      datagrams.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
