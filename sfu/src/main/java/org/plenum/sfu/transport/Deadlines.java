package org.plenum.sfu.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;

/// A binary heap of things by the monotonic time at which each wants to be looked at. Things know
/// their place in it, so that a deadline is moved or taken back without a search; one heap at a
/// time may hold them. Allocates only to grow. One thread.
final class Deadlines<T extends Deadlines.Waiting> {
  /// What can wait.
  abstract static class Waiting {
    private int place = -1;
    private long dueNanos;
  }

  private @Nullable Waiting[] heap = new @Nullable Waiting[16];
  private int count;

  /// Makes this the deadline of `waiting`, in place of the one it had.
  ///
  /// @param dueNanos not [NanoTime#NEVER]
  void put(T waiting, long dueNanos) {
    Waiting entry = waiting;
    entry.dueNanos = dueNanos;
    if (entry.place < 0) {
      if (count == heap.length) {
        heap = Arrays.copyOf(heap, 2 * count);
      }
      place(entry, count++);
    }
    up(entry.place);
    down(entry.place);
  }

  /// Takes a deadline back; no effect if there is none.
  void remove(T waiting) {
    removeAt(((Waiting) waiting).place);
  }

  /// [NanoTime#NEVER] if nothing waits.
  long earliestNanos() {
    return count == 0 ? NanoTime.NEVER : at(0).dueNanos;
  }

  /// Removes and returns what has the earliest deadline; something must wait.
  @SuppressWarnings("unchecked")
  T takeEarliest() {
    Waiting first = at(0);
    removeAt(0);
    return (T) first;
  }

  int size() {
    return count;
  }

  private void removeAt(int place) {
    if (place < 0) {
      return;
    }
    Waiting gone = at(place);
    Waiting last = at(--count);
    heap[count] = null;
    gone.place = -1;
    if (last != gone) {
      place(last, place);
      up(place);
      down(last.place);
    }
  }

  private void up(int from) {
    int i = from;
    while (i > 0 && isEarlier(i, (i - 1) / 2)) {
      swap(i, (i - 1) / 2);
      i = (i - 1) / 2;
    }
  }

  private void down(int from) {
    int i = from;
    while (true) {
      int child = 2 * i + 1;
      if (child + 1 < count && isEarlier(child + 1, child)) {
        child++;
      }
      if (child >= count || !isEarlier(child, i)) {
        return;
      }
      swap(i, child);
      i = child;
    }
  }

  private boolean isEarlier(int i, int j) {
    return at(i).dueNanos - at(j).dueNanos < 0;
  }

  private void swap(int i, int j) {
    Waiting former = at(i);
    place(at(j), i);
    place(former, j);
  }

  private void place(Waiting entry, int place) {
    heap[place] = entry;
    entry.place = place;
  }

  private Waiting at(int place) {
    Waiting entry = heap[place];
    if (entry == null) {
      throw new IllegalStateException("nothing waits at place " + place + " of " + count);
    }
    return entry;
  }
}
