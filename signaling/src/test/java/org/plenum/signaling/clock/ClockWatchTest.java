package org.plenum.signaling.clock;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private Instant wall = Instant.parse("2026-11-26T12:00:00Z");
  private long nanos = Long.MAX_VALUE - 5;
  private final ClockWatch watch = new ClockWatch(() -> wall, () -> nanos);

  @Test
  void believesAClockThatGoesAsTimeDoes() {
    pass(Duration.ofDays(40));
    assertFalse(watch.hasJumped());
  }

  @Test
  void believesOneThatIsCorrectedALittle() {
    wall = wall.plus(ClockWatch.TOLERANCE);
    assertFalse(watch.hasJumped());
    wall = wall.minus(ClockWatch.TOLERANCE.multipliedBy(2));
    assertFalse(watch.hasJumped());
  }

  @Test
  void doesNotBelieveOneThatJumpedThoughItIsSetRightAgain() {
    wall = wall.plus(Duration.ofDays(2));
    assertTrue(watch.hasJumped());
    wall = wall.minus(Duration.ofDays(2));
    assertTrue(watch.hasJumped());
  }

  @Test
  void doesNotBelieveOneThatJumpedBack() {
    pass(Duration.ofHours(3));
    wall = wall.minus(Duration.ofHours(3));
    assertTrue(watch.hasJumped());
  }

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }
}
