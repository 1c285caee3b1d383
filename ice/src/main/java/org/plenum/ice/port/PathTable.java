package org.plenum.ice.port;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// Whose a datagram is, by the path it came over; holds paths of authenticated clients only. Open
/// addressing with linear probing, so that a look-up allocates nothing. Worker's thread only.
///
/// @param <T> the owners, such as transports
public final class PathTable<T> {
  private @Nullable NetworkPath[] paths = new @Nullable NetworkPath[64];
  private @Nullable Object[] owners = new @Nullable Object[64];
  private int count;

  /// The owner of datagram i of the batch, or null.
  @SuppressWarnings("unchecked")
  public @Nullable T find(ReceiveBatch batch, int i) {
    int mask = paths.length - 1;
    for (int at = batch.pathHash(i) & mask; ; at = (at + 1) & mask) {
      NetworkPath path = paths[at];
      if (path == null) {
        return null;
      }
      if (batch.cameOver(i, path)) {
        return (T) owners[at];
      }
    }
  }

  /// The owner of this path, or null.
  @SuppressWarnings("unchecked")
  public @Nullable T find(NetworkPath path) {
    return (T) owners[place(path)];
  }

  /// Enters a path; an owner that had it before loses it (a browser used its port again).
  public void put(NetworkPath path, T owner) {
    if (2 * (count + 1) > paths.length) {
      grow();
    }
    int at = place(path);
    if (paths[at] == null) {
      count++;
    }
    paths[at] = path;
    owners[at] = owner;
  }

  /// Takes a path out if it still belongs to this owner.
  ///
  /// @return whether it did
  public boolean remove(NetworkPath path, T owner) {
    int at = place(path);
    if (paths[at] == null || owners[at] != owner) {
      return false;
    }
    int mask = paths.length - 1;
    paths[at] = null;
    owners[at] = null;
    count--;
    // Those behind it in the same run may now be unreachable: enter them anew.
    for (int next = (at + 1) & mask; paths[next] != null; next = (next + 1) & mask) {
      NetworkPath moved = paths[next];
      Object moving = owners[next];
      paths[next] = null;
      owners[next] = null;
      int to = place(moved);
      paths[to] = moved;
      owners[to] = moving;
    }
    return true;
  }

  public int size() {
    return count;
  }

  /// Where the path is, or the empty place where it would be.
  private int place(NetworkPath path) {
    int mask = paths.length - 1;
    int at = ReceiveBatch.hash(path) & mask;
    while (paths[at] != null && !path.equals(paths[at])) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    var oldPaths = paths;
    var oldOwners = owners;
    paths = new @Nullable NetworkPath[2 * oldPaths.length];
    owners = new @Nullable Object[2 * oldPaths.length];
    for (int i = 0; i < oldPaths.length; i++) {
      NetworkPath path = oldPaths[i];
      if (path != null) {
        int at = place(path);
        paths[at] = path;
        owners[at] = oldOwners[i];
      }
    }
  }
}
