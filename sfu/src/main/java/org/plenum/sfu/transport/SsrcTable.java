package org.plenum.sfu.transport;

import org.jspecify.annotations.Nullable;

/// A map from SSRC to something, without boxing: open addressing with linear probing. Bounded. One
/// thread.
public final class SsrcTable<T> {
  private final int capacity;
  private int[] keys = new int[16];
  private @Nullable Object[] values = new @Nullable Object[16];
  private int count;

  /// @param capacity the most entries it can hold
  public SsrcTable(int capacity) {
    this.capacity = capacity;
  }

  @SuppressWarnings("unchecked")
  public @Nullable T find(int ssrc) {
    return (T) values[place(ssrc)];
  }

  /// Enters or replaces.
  ///
  /// @return false if the table is full
  public boolean put(int ssrc, T value) {
    int at = place(ssrc);
    if (values[at] == null) {
      if (count == capacity) {
        return false;
      }
      if (2 * (count + 1) > keys.length) {
        grow();
        at = place(ssrc);
      }
      count++;
    }
    keys[at] = ssrc;
    values[at] = value;
    return true;
  }

  public void remove(int ssrc) {
    int at = place(ssrc);
    if (values[at] == null) {
      return;
    }
    values[at] = null;
    count--;
    int mask = keys.length - 1;
    for (int next = (at + 1) & mask; values[next] != null; next = (next + 1) & mask) {
      Object moved = values[next];
      values[next] = null;
      int to = place(keys[next]);
      keys[to] = keys[next];
      values[to] = moved;
    }
  }

  public int size() {
    return count;
  }

  /// What [#forEachEntry] calls.
  public interface EntryConsumer<T> {
    void accept(int ssrc, T value);
  }

  /// Visits all entries; the table must not change meanwhile.
  @SuppressWarnings("unchecked")
  public void forEachEntry(EntryConsumer<T> action) {
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != null) {
        action.accept(keys[i], (T) values[i]);
      }
    }
  }

  private int place(int ssrc) {
    int mask = keys.length - 1;
    int at = (ssrc * 0x9E37_79B9 >>> 16) & mask;
    while (values[at] != null && keys[at] != ssrc) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    int[] oldKeys = keys;
    var oldValues = values;
    keys = new int[2 * oldKeys.length];
    values = new @Nullable Object[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
