package org.plenum.ice.agent;

import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;

/// The paths that authenticated requests came over, the latest first, bounded by
/// [IceLiteAgent#MAX_VALIDATED_PATHS].
final class ValidatedPaths {
  private final @Nullable NetworkPath[] paths =
      new @Nullable NetworkPath[IceLiteAgent.MAX_VALIDATED_PATHS];

  boolean contains(NetworkPath path) {
    for (NetworkPath known : paths) {
      if (known == null) {
        return false;
      }
      if (known.equals(path)) {
        return true;
      }
    }
    return false;
  }

  /// Moves the path to the front, adding it if it is new; then the oldest but `kept` makes room.
  ///
  /// @return the path, the same object for as long as it is remembered
  NetworkPath touch(NetworkPath path, @Nullable NetworkPath kept) {
    int index = indexToOverwrite(path, kept);
    NetworkPath known = paths[index];
    NetworkPath front = path.equals(known) ? known : path;
    System.arraycopy(paths, 0, paths, 1, index);
    paths[0] = front;
    return front;
  }

  private int indexToOverwrite(NetworkPath path, @Nullable NetworkPath kept) {
    for (int i = 0; i < paths.length; i++) {
      NetworkPath known = paths[i];
      if (known == null || known.equals(path)) {
        return i;
      }
    }
    int last = paths.length - 1;
    return paths[last] == kept ? last - 1 : last;
  }
}
