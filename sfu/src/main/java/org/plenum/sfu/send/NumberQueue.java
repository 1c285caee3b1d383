package org.plenum.sfu.send;

import java.util.Arrays;

/// A bounded first-in first-out queue of numbers. Allocates only to grow. One thread.
public final class NumberQueue {
  /// Packets that may wait to be sent again to one viewer: a second of 5 Mb/s.
  static final int MOST = 512;

  private long[] numbers = new long[8];
  private int head;
  private int count;

  /// @return false if the queue is full
  public boolean add(long number) {
    if (count == numbers.length) {
      if (count == MOST) {
        return false;
      }
      long[] longer = Arrays.copyOfRange(numbers, head, head + 2 * count);
      System.arraycopy(numbers, 0, longer, count - head, head);
      numbers = longer;
      head = 0;
    }
    numbers[(head + count++) & (numbers.length - 1)] = number;
    return true;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public int size() {
    return count;
  }

  /// Removes and returns the first number; there must be one.
  public long remove() {
    if (count == 0) {
      throw new IllegalStateException("queue is empty");
    }
    long first = numbers[head];
    head = (head + 1) & (numbers.length - 1);
    count--;
    return first;
  }

  public void clear() {
    head = 0;
    count = 0;
  }
}
