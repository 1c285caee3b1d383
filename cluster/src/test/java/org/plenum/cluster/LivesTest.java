package org.plenum.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LivesTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_796_000_000_123L);

  @Test
  void aLifeSaysWhenItBegan() {
    String life = Lives.begin(NOW);
    assertEquals(NOW, Lives.since(life, Instant.EPOCH));
    assertFalse(life.contains("\n"));
    assertNotEquals(life, Lives.begin(NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0123456789abcdef", "01-", "01-xyz", "01-fffffffffffffffff"})
  void oneThatDoesNotSaySoIsTakenAsItIs(String life) {
    assertEquals(NOW, Lives.since(life, NOW));
  }
}
