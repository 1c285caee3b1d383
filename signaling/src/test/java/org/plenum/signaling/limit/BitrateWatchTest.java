package org.plenum.signaling.limit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BitrateWatchTest {
  private static final long SECOND = 1_000_000_000L;
  private long sent = 1_000_000;
  private long now = Long.MAX_VALUE - SECOND / 2; // wraps soon

  @Test
  void isOverWhileAsMuchIsSentAsMayBe() {
    var watch = new BitrateWatch(() -> sent, 8, now);
    assertFalse(isOverAfter(watch, 999_999));
    assertTrue(isOverAfter(watch, 1_000_000));
    watch.look(now); // twice at a time
    assertTrue(watch.isOver());
    assertFalse(isOverAfter(watch, 10));
  }

  @Test
  void withoutABoundItNeverIs() {
    assertFalse(isOverAfter(new BitrateWatch(() -> sent, 0, now), 1L << 40));
  }

  private boolean isOverAfter(BitrateWatch watch, long bytes) {
    sent += bytes;
    now += SECOND;
    watch.look(now);
    return watch.isOver();
  }
}
