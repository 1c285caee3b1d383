package org.plenum.signaling.memory;

/// Says from the heap in use after collections whether there is room for more. Reaching the bound
/// sheds load; it takes more than a byte less to end that, or each join would flip it. Any thread.
final class HeapBound {
  /// Of the largest heap there may be. What is left is for the garbage of those who are here.
  static final double FULL = 0.85;

  static final double RELIEVED = 0.75;

  private volatile boolean full;
  private volatile double used;

  /// After a collection.
  ///
  /// @param usedBytes that it left
  /// @param maxBytes the heap may have
  /// @return whether this changed the answer
  boolean onCollected(long usedBytes, long maxBytes) {
    used = (double) usedBytes / maxBytes;
    boolean before = full;
    full = used >= (before ? RELIEVED : FULL);
    return full != before;
  }

  boolean isFull() {
    return full;
  }

  /// The part of the heap that the latest collection left in use, from 0 to 1.
  double used() {
    return used;
  }
}
