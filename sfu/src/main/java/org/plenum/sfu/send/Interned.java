package org.plenum.sfu.send;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A few values that the many entries of a ring share, each known by a small number while somebody
/// holds it: storing a number costs nothing but the store, where a reference tells the garbage
/// collector of itself each time. Allocates nothing in steady state. One thread.
///
/// @param <T> what is shared
final class Interned<T> {
  /// The number of no value.
  static final int NONE = 0;

  private static final int FIRST_CAPACITY = 8;

  private @Nullable Object[] values = new @Nullable Object[FIRST_CAPACITY];

  /// Who holds each, or at a free place the next free one.
  private int[] holders = new int[FIRST_CAPACITY];

  private int nextFree = NONE;

  /// Places taken at least once, the one of [#NONE] included.
  private int used = 1;

  /// Takes in a value, held once.
  ///
  /// @return its number, never [#NONE]
  int open(T value) {
    int id = nextFree;
    if (id == NONE) {
      if (used == values.length) {
        values = Arrays.copyOf(values, 2 * used);
        holders = Arrays.copyOf(holders, 2 * used);
      }
      id = used++;
    } else {
      nextFree = holders[id];
    }
    values[id] = value;
    holders[id] = 1;
    return id;
  }

  /// Holds a value once more; nothing for [#NONE].
  void hold(int id) {
    holders[id]++;
  }

  /// Holds a value once less; whoever does so last makes its number free. Nothing for [#NONE].
  void release(int id) {
    if (--holders[id] == 0 && id != NONE) {
      values[id] = null;
      holders[id] = nextFree;
      nextFree = id;
    }
  }

  @SuppressWarnings("unchecked")
  @Nullable T get(int id) {
    return (T) values[id];
  }

  /// Values that are held.
  int size() {
    int size = 0;
    for (int id = 1; id < used; id++) {
      size += values[id] == null ? 0 : 1;
    }
    return size;
  }
}
