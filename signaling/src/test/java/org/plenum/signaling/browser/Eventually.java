package org.plenum.signaling.browser;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for what another process does by looking again and again, within a bound that no healthy
/// machine comes near.
final class Eventually {
  static final Duration BOUND = Duration.ofSeconds(90);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private Eventually() {}

  /// Looks until `isRight`; fails with what was wanted and what was seen last.
  static <T> T eventually(String wanted, Supplier<T> look, Function<T, Boolean> isRight) {
    long start = System.nanoTime();
    @Nullable T seen = null;
    while (System.nanoTime() - start < BOUND.toNanos()) {
      seen = look.get();
      if (isRight.apply(seen)) {
        return seen;
      }
      pause();
    }
    throw new AssertionError("expected " + wanted + ", saw " + seen);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
