package org.plenum.sfu.transport;

import org.jspecify.annotations.Nullable;

/// Faults of steps that are all to be tried, whatever becomes of the others. None is lost: the
/// first is thrown at the end, those after it with it as suppressed ones. One thread, one use.
public final class Faults {
  private @Nullable RuntimeException first;

  /// Tries a step, and keeps its fault for [#rethrow].
  public void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      add(e);
    }
  }

  private void add(RuntimeException fault) {
    if (first == null) {
      first = fault;
    } else if (first != fault) { // a throwable may not suppress itself
      first.addSuppressed(fault);
    }
  }

  /// Throws if a step failed.
  public void rethrow() {
    if (first != null) {
      throw first;
    }
  }
}
